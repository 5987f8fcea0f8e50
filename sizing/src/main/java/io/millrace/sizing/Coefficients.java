package io.millrace.sizing;

import java.util.List;

/**
 * Every figure that was measured or assumed, in this one place. Measure anew with {@code scripts/benchmark table} and
 * {@code scripts/benchmark scale}, change {@link #CURRENT}, and the plans follow.
 *
 * @param machine where the CPU times were taken
 * @param entry microseconds for a key of a copy, in batches, without its bytes
 * @param command microseconds for a command of the stream, in batches, without its bytes
 * @param byteNanos nanoseconds for a byte of either
 * @param single microseconds more for each change with {@code record.grouping=single}
 * @param brokerEntryMicros a broker's time for a key of a copy, in batches
 * @param brokerCommandMicros a broker's time for a command of the stream, in batches
 * @param serverEntryMicros a destination server's time for a {@code RESTORE}
 * @param serverCommandMicros a destination server's time for a command
 * @param serverNanosAByte a destination server's time for a byte of either
 * @param snapshotMicrosAKey a source server's time to write a key of its snapshot
 * @param scanMicrosAKey of a search for ghosts
 * @param entryWireBytes bytes around a value on the way
 * @param batchLogBytes bytes around a change in Kafka, many in a record
 * @param singleLogBytes bytes around a change in Kafka, one in a record
 * @param redisKeyBytes memory of Redis for a key beside its bytes
 * @param heapBaseBytes heap of a worker with both connectors that do nothing
 * @param heapAByteOfBuffer heap for each byte that waits in a buffer
 * @param heapAKeyBytes what the sink remembers of a key of a snapshot
 * @param sourceTaskBufferBytes {@code queue.max.bytes} and the producer's buffer
 * @param shardBufferBytes {@code spool.memory.bytes}
 * @param sinkTaskBufferBytes {@code buffer.max.bytes} and what the consumer fetches ahead
 * @param idleLagMillis from a write to its arrival where nothing else happens and nothing is far
 * @param copyStartSeconds until a source begins to send
 * @param partitionBytesPerSecond what Kafka takes on one partition
 * @param batchBytes {@code batch.max.bytes} of the sink connector
 * @param tcpWindowBytes what TCP has on the way on one connection
 * @param clusterPartitions {@code topic.partitions} of the source connector
 * @param spoolBytes {@code spool.max.bytes}
 * @param redisBufferLimitBytes the first limit of Redis for a replica's buffer
 */
public record Coefficients(
        String machine,
        StageCosts entry,
        StageCosts command,
        StageCosts byteNanos,
        StageCosts single,
        double brokerEntryMicros,
        double brokerCommandMicros,
        double serverEntryMicros,
        double serverCommandMicros,
        double serverNanosAByte,
        double snapshotMicrosAKey,
        double scanMicrosAKey,
        double entryWireBytes,
        double batchLogBytes,
        double singleLogBytes,
        double redisKeyBytes,
        double heapBaseBytes,
        double heapAByteOfBuffer,
        double heapAKeyBytes,
        double sourceTaskBufferBytes,
        double shardBufferBytes,
        double sinkTaskBufferBytes,
        double idleLagMillis,
        double copyStartSeconds,
        double partitionBytesPerSecond,
        double batchBytes,
        double tcpWindowBytes,
        int clusterPartitions,
        double spoolBytes,
        double redisBufferLimitBytes) {

    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;

    /** The figures of today. */
    public static final Coefficients CURRENT = new Coefficients(
            "2 cores (AMD EPYC), Linux 6.18, JDK 17.0.15, Redis 7.0.15, while others used the machine, too",
            new StageCosts(0.03, 0.13, 0.3, 0.3, 1.38, 2.15),
            new StageCosts(0.3, 0.34, 1.2, 1.2, 1.1, 2.58),
            new StageCosts(0.5, 0.5, 0.5, 0.5, 1.0, 1.0),
            new StageCosts(0.02, 0.02, 1.22, 1.22, 0.45, 4.76),
            0.73,
            4.04,
            3.3,
            2.5,
            1.0,
            1.0,
            1.0,
            35,
            52,
            200,
            80,
            100 * MIB,
            1.6,
            22,
            (64 + 32) * MIB,
            16 * MIB,
            (64 + 50) * MIB,
            4.4,
            5,
            50e6,
            8 * MIB,
            4 * MIB,
            12,
            GIB,
            256 * MIB);

    /** All of them with a name, for whoever is to believe a plan. */
    public List<Coefficient> all() {
        String table = "measured, scripts/benchmark table, the JIT compiler left out";
        String docs = "docs/performance.md, buffers of 120 MiB against 40 MiB";
        String millrace = "Millrace's default";
        return List.of(
                new Coefficient("CPU a key of the copy", entry.total(), "us", table),
                new Coefficient("CPU a command of the stream", command.total(), "us", table),
                new Coefficient("CPU a byte", byteNanos.total(), "ns", "assumed"),
                new Coefficient("CPU more for a record a change", single.total(), "us", table),
                new Coefficient("Kafka's CPU a key of the copy", brokerEntryMicros, "us", table),
                new Coefficient("Kafka's CPU a command of the stream", brokerCommandMicros, "us", table),
                new Coefficient(
                        "destination's CPU for a RESTORE",
                        serverEntryMicros,
                        "us",
                        "measured, one pipelined connection"),
                new Coefficient(
                        "destination's CPU for a command",
                        serverCommandMicros,
                        "us",
                        "measured, one pipelined connection"),
                new Coefficient("destination's CPU a byte", serverNanosAByte, "ns", "assumed"),
                new Coefficient("source's CPU for a key of its snapshot", snapshotMicrosAKey, "us", "assumed"),
                new Coefficient(
                        "search for ghosts, a key", scanMicrosAKey, "us", "docs/design.md, a million in a second"),
                new Coefficient("bytes around a value on the way", entryWireBytes, "B", "RESP and DUMP"),
                new Coefficient(
                        "bytes around a change in Kafka, batch",
                        batchLogBytes,
                        "B",
                        "measured, scripts/benchmark scale"),
                new Coefficient("bytes around a change in Kafka, single", singleLogBytes, "B", "assumed"),
                new Coefficient("memory of Redis for a key beside its bytes", redisKeyBytes, "B", "assumed"),
                new Coefficient("heap of an idle worker", heapBaseBytes, "B", docs),
                new Coefficient("heap for a byte in a buffer", heapAByteOfBuffer, "B", docs),
                new Coefficient("heap for a key of a snapshot", heapAKeyBytes, "B", "resync.ghosts.max.keys, at most"),
                new Coefficient("buffers of a source task", sourceTaskBufferBytes, "B", millrace + " and Kafka's"),
                new Coefficient("buffer of a shard", shardBufferBytes, "B", millrace),
                new Coefficient("buffers of a sink task", sinkTaskBufferBytes, "B", millrace + " and Kafka's"),
                new Coefficient(
                        "lag of an idle source without distance",
                        idleLagMillis,
                        "ms",
                        "measured, scripts/benchmark table"),
                new Coefficient("until a source begins to send", copyStartSeconds, "s", "Redis's default for diskless"),
                new Coefficient("what Kafka takes on a partition", partitionBytesPerSecond, "B/s", "assumed"),
                new Coefficient("bytes of a batch", batchBytes, "B", millrace),
                new Coefficient("bytes on the way on a connection", tcpWindowBytes, "B", "Linux's default"),
                new Coefficient("partitions of a cluster's topic", clusterPartitions, "", millrace),
                new Coefficient("spool of a shard", spoolBytes, "B", millrace),
                new Coefficient("least limit of a replica's buffer", redisBufferLimitBytes, "B", "Redis's default"));
    }
}
