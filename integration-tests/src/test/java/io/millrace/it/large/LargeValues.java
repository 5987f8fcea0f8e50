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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;

/**
 * Values of every type that are far larger than a record of 1 MB, and together than the heap of the Connect worker, which runs
 * both connectors in a process of its own: in the snapshot, where a reader of the destination sees all of a value or nothing; a
 * string in the stream; and single commands as large as the heap allows, and larger. A worker that needs more memory ends
 * at once.
 */
final class LargeValues {

    private static final int PIECE = 8 << 20;
    private static final int RECORD_BYTES = 1_000_000;
    private static final int STEP = 100_000;

    /** Connect keeps the record of every byte that waits here in memory as well, several times its size, until Kafka has it. */
    private static final int PRODUCER_BYTES = 8 << 20;

    /** What a source gives a replica by default; then it cuts the link. */
    private static final int OUTPUT_MEGABYTES = 256;

    /** A command takes an eighth of a small heap at most (CommandLimit), of which the JVM keeps some for itself. */
    private static final int SHARE_OF_HEAP = 10;

    private final LargeSizes sizes;
    private final PrintStream out;

    LargeValues(LargeSizes sizes, PrintStream out) {
        this.sizes = sizes;
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
                        sizes.heapMegabytes())) {
            long began = System.nanoTime();
            try (RespClient client = source.connect()) {
                string(client, "huge:string");
                for (Collected type : Collected.values()) {
                    collection(client, type);
                }
            }
            said("written to the source", began);
            worker.awaitReady();
            began = System.nanoTime();
            try (WholeValues whole = new WholeValues(destination, sizes);
                    Pipeline pipeline = Pipeline.between(source, destination)
                            .grouping("batch")
                            .catchingUpWithin(Duration.ofMinutes(30))
                            .withSource("record.max.bytes", String.valueOf(RECORD_BYTES))
                            .withSource("queue.max.bytes", String.valueOf(16 << 20))
                            .withSource("producer.override.buffer.memory", String.valueOf(PRODUCER_BYTES))
                            .withSink("buffer.max.bytes", String.valueOf(16 << 20))
                            .withSink("transaction.max.bytes", String.valueOf(8 << 20))
                            .withSink("consumer.override.max.partition.fetch.bytes", String.valueOf(2 << 20))
                            .withSink("consumer.override.fetch.max.bytes", String.valueOf(8 << 20))
                            .start(worker.rest())) {
                // The first mark is in the snapshot, perhaps before the large values; the second comes after it.
                pipeline.awaitCaughtUp();
                pipeline.awaitCaughtUp();
                said("snapshot at the destination, looked at " + whole.end() + " times", began);
                began = System.nanoTime();
                try (RespClient client = source.connect()) {
                    string(client, "huge:streamed");
                    if (sizes.commandMegabytes() <= sizes.heapMegabytes() / SHARE_OF_HEAP) {
                        commands(client, sizes.commandMegabytes());
                    }
                }
                VerifyReport report = pipeline.compareKeyspaces();
                said("stream at the destination and compared", began);
                report.lines().forEach(out::println);
                List<?> left = (List<?>) destination.command("KEYS", "__millrace:part:*");
                if (!left.isEmpty()) {
                    throw new AssertionError(left.size() + " values were left aside");
                }
                refused(source, pipeline, worker);
                return report;
            }
        }
    }

    /** One that is too large for the heap stops the task with a sentence, and leaves the worker as it is. */
    private void refused(LocalServer source, Pipeline pipeline, WorkerProcess worker) throws IOException {
        int megabytes = Math.max(sizes.commandMegabytes(), sizes.heapMegabytes() / 2);
        if (megabytes > OUTPUT_MEGABYTES) {
            copiedAnew(source, pipeline, megabytes);
            source.command("CONFIG", "SET", "client-output-buffer-limit", "replica 0 0 0");
        }
        set(source, megabytes);
        String failure = Awaitility.await("the source task's failure")
                .atMost(Duration.ofMinutes(5))
                .until(() -> worker.rest().failure(pipeline.sourceConnector()), Optional::isPresent)
                .orElseThrow();
        if (!failure.contains("command SET of key \"huge:set\"") || !failure.contains("-Xmx")) {
            throw new AssertionError("A command of " + megabytes + " MB ended with: " + failure);
        }
        failure.lines().filter(line -> line.contains("-Xmx")).limit(1).forEach(out::println);
    }

    /** One that the source does not even send: the new copy that follows brings its value in pieces. */
    private void copiedAnew(LocalServer source, Pipeline pipeline, int megabytes) throws IOException {
        long began = System.nanoTime();
        set(source, megabytes);
        // As at the beginning: the first mark may be in the copy, and the second comes after it.
        pipeline.awaitCaughtUp();
        VerifyReport report = pipeline.assertEqualKeyspaces();
        String stats = new String((byte[]) source.command("INFO", "stats"), StandardCharsets.US_ASCII);
        if (!stats.contains("sync_full:2\r")) {
            throw new AssertionError("A command of " + megabytes + " MB was to mean one new copy: " + stats);
        }
        said("a command of %d MB cut off by the source, copied anew and compared".formatted(megabytes), began);
        report.lines().forEach(out::println);
    }

    /** Scripts are sent as their effects: each of these is one command of about so many bytes. */
    private static void commands(RespClient client, int megabytes) throws IOException {
        set(client, megabytes);
        byte[] noise = noise();
        int repeated = megabytes - 1;
        String append = "redis.call('APPEND',KEYS[1],string.rep(ARGV[1],ARGV[2]))";
        client.call("EVAL", append, 1, "huge:append", noise, repeated);
        client.call("EVAL", append, 1, "huge:append", noise, repeated);
        String restore = "local d=redis.call('DUMP',KEYS[1]) if #d<tonumber(ARGV[1]) then"
                + " redis.call('RESTORE',KEYS[2],'4102444800000',d,'ABSTTL') end";
        long most = (long) megabytes << 20;
        client.call("EVAL", restore, 2, "huge:set", "huge:restored", most);
        for (Collected type : Collected.values()) {
            client.call("EVAL", restore, 2, type.key(), "restored:" + type, most);
        }
    }

    private static void set(LocalServer source, int megabytes) throws IOException {
        try (RespClient client = source.connect()) {
            set(client, megabytes);
        }
    }

    private static void set(RespClient client, int megabytes) throws IOException {
        String script = "redis.call('SET',KEYS[1],string.rep(ARGV[1],ARGV[2]),'PXAT','4102444800000')";
        client.call("EVAL", script, 1, "huge:set", noise(), megabytes - 1);
    }

    private static byte[] noise() {
        byte[] noise = new byte[1 << 20];
        new Random(2).nextBytes(noise);
        return noise;
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
        new Random(1).nextBytes(piece);
        long left = (long) sizes.stringMegabytes() << 20;
        while (left > 0) {
            byte[] next = left < PIECE ? java.util.Arrays.copyOf(piece, (int) left) : piece;
            client.call("APPEND", key, next);
            left -= next.length;
        }
    }

    private void collection(RespClient client, Collected type) throws IOException {
        int count = type.count(sizes);
        for (int from = 1; from <= count; from += STEP) {
            client.call("EVAL", type.script(), 1, type.key(), from, Math.min(count, from + STEP - 1));
        }
    }
}
