package io.millrace.it.large;

import io.millrace.it.broker.BrokerProcess;
import io.millrace.it.pipeline.Pipeline;
import io.millrace.it.worker.PluginPath;
import io.millrace.it.worker.WorkerProcess;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One string and one sorted set that are far larger than a record of 1 MB and than the heap of the Connect worker, which runs both
 * connectors in a process of its own: in the snapshot, and a string of the same size in the stream. A worker that needs more memory
 * ends at once.
 */
final class LargeValues {

    private static final int PIECE = 8 << 20;
    private static final int RECORD_BYTES = 1_000_000;
    private static final String ADD =
            "for i=tonumber(ARGV[1]),tonumber(ARGV[2]) do redis.call('ZADD',KEYS[1],i/7,'member:'..i) end";

    private final int stringMegabytes;
    private final int members;
    private final int heapMegabytes;
    private final PrintStream out;

    LargeValues(int stringMegabytes, int members, int heapMegabytes, PrintStream out) {
        this.stringMegabytes = stringMegabytes;
        this.members = members;
        this.heapMegabytes = heapMegabytes;
        this.out = out;
    }

    /** The comparison of both keyspaces at the end. */
    VerifyReport run(Path directory) throws IOException {
        try (LocalServer source = LocalServer.start(newest());
                LocalServer destination = LocalServer.start(newest());
                BrokerProcess broker = BrokerProcess.start(directory.resolve("kafka"));
                WorkerProcess worker = WorkerProcess.launch(
                        WorkerProcess.Release.KAFKA_4_3,
                        broker.bootstrapServers(),
                        PluginPath.in(directory.resolve("plugins").toAbsolutePath()),
                        directory.resolve("worker").toAbsolutePath(),
                        Map.of("plugin.discovery", "service_load"),
                        heapMegabytes)) {
            long began = System.nanoTime();
            try (RespClient client = source.connect()) {
                string(client, "huge:string");
                sortedSet(client);
            }
            said("written to the source", began);
            worker.awaitReady();
            began = System.nanoTime();
            try (Pipeline pipeline = Pipeline.between(source, destination)
                    .grouping("batch")
                    .catchingUpWithin(java.time.Duration.ofMinutes(30))
                    .withSource("record.max.bytes", String.valueOf(RECORD_BYTES))
                    .withSource("queue.max.bytes", String.valueOf(16 << 20))
                    .withSink("buffer.max.bytes", String.valueOf(16 << 20))
                    .withSink("consumer.override.max.partition.fetch.bytes", String.valueOf(2 << 20))
                    .withSink("consumer.override.fetch.max.bytes", String.valueOf(8 << 20))
                    .start(worker.rest())) {
                // The first mark is in the snapshot, perhaps before the large values; the second comes after it.
                pipeline.awaitCaughtUp();
                pipeline.awaitCaughtUp();
                said("snapshot at the destination", began);
                began = System.nanoTime();
                try (RespClient client = source.connect()) {
                    string(client, "huge:streamed");
                }
                VerifyReport report = pipeline.compareKeyspaces();
                said("stream at the destination and compared", began);
                report.lines().forEach(out::println);
                List<?> left = (List<?>) destination.command("KEYS", "__millrace:part:*");
                if (!left.isEmpty()) {
                    throw new AssertionError(left.size() + " values were left aside");
                }
                return report;
            }
        }
    }

    private void said(String what, long began) {
        out.println("%s after %.1f s".formatted(what, (System.nanoTime() - began) / 1e9));
    }

    private static ServerVersion newest() {
        List<ServerVersion> redis =
                ServerVersion.present().stream().filter(v -> !v.isValkey()).toList();
        return redis.get(redis.size() - 1);
    }

    private void string(RespClient client, String key) throws IOException {
        byte[] piece = new byte[PIECE];
        new java.util.Random(1).nextBytes(piece);
        long left = (long) stringMegabytes << 20;
        while (left > 0) {
            byte[] next = left < PIECE ? java.util.Arrays.copyOf(piece, (int) left) : piece;
            client.call("APPEND", key, next);
            left -= next.length;
        }
    }

    private void sortedSet(RespClient client) throws IOException {
        int step = 100_000;
        for (int from = 1; from <= members; from += step) {
            client.call("EVAL", ADD, 1, "huge:zset", from, Math.min(members, from + step - 1));
        }
    }
}
