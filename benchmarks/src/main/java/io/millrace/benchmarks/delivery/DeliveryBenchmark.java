package io.millrace.benchmarks.delivery;

import io.millrace.change.Change;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the same records with both delivery semantics, in turns, to one server and to a cluster of three masters, and logs the
 * medians and their ratio. See {@code scripts/benchmark}.
 */
public final class DeliveryBenchmark {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryBenchmark.class);
    private static final String[] SEMANTICS = {"at-least-once", "effectively-once"};

    private record Target(String name, Map<String, String> properties, List<LocalServer> servers) {}

    /** Medians in commands a second, in the order of {@link #SEMANTICS}; how much longer the second takes. */
    private record Result(String target, Workload workload, long[] perSecond, double ratio) {}

    private final int changes;
    private final int rounds;

    private DeliveryBenchmark(int changes, int rounds) {
        this.changes = changes;
        this.rounds = rounds;
    }

    /** {@code [--quick] [--json FILE]}. */
    public static void main(String[] arguments) throws IOException {
        List<String> given = Arrays.asList(arguments);
        boolean quick = given.contains("--quick");
        int json = given.indexOf("--json");
        DeliveryBenchmark benchmark = quick ? new DeliveryBenchmark(20_000, 3) : new DeliveryBenchmark(200_000, 5);
        List<Result> results = benchmark.run();
        LOG.info("{}", table(results));
        if (json >= 0) {
            Files.writeString(Path.of(given.get(json + 1)), json(results, benchmark));
        }
    }

    private List<Result> run() throws IOException {
        List<Result> results = new ArrayList<>();
        ServerVersion version = ServerVersion.standard();
        try (LocalServer server = LocalServer.start(version);
                LocalCluster cluster = LocalCluster.start(version)) {
            Target standalone =
                    new Target("standalone", Map.of("redis.hosts", "127.0.0.1:" + server.port()), List.of(server));
            String seeds = cluster.masters().stream()
                    .map(node -> "127.0.0.1:" + node.port())
                    .collect(Collectors.joining(","));
            Target three = new Target(
                    "cluster of three", Map.of("redis.hosts", seeds, "redis.topology", "cluster"), cluster.masters());
            LOG.info("{} changes a run, {} runs each, {}", changes, rounds, version);
            for (Target target : List.of(standalone, three)) {
                for (Workload workload : Workload.values()) {
                    results.add(measure(target, workload, payload(server)));
                }
            }
        }
        return results;
    }

    private Result measure(Target target, Workload workload, byte[] payload) throws IOException {
        List<Change> work = workload.changes(changes, payload);
        List<SinkRecord> log = RecordedLog.of(work);
        long[][] nanos = new long[SEMANTICS.length][rounds];
        // The first turn warms up.
        for (int round = -1; round < rounds; round++) {
            for (int s = 0; s < SEMANTICS.length; s++) {
                // The order alternates, so that what slows down over time slows both.
                int turn = round % 2 == 0 ? s : SEMANTICS.length - 1 - s;
                Duration took = once(target, SEMANTICS[turn], log);
                if (round >= 0) {
                    nanos[turn][round] = took.toNanos();
                }
            }
        }
        long[] medians =
                Arrays.stream(nanos).mapToLong(DeliveryBenchmark::median).toArray();
        long[] perSecond = Arrays.stream(medians)
                .map(median -> work.size() * 1_000_000_000L / median)
                .toArray();
        Result result = new Result(target.name(), workload, perSecond, (double) medians[1] / medians[0]);
        LOG.info("{}", line(result));
        return result;
    }

    private static Duration once(Target target, String semantics, List<SinkRecord> log) throws IOException {
        for (LocalServer server : target.servers()) {
            try (RespClient client = server.connect()) {
                client.call("FLUSHALL");
            }
        }
        Map<String, String> properties = new HashMap<>(target.properties());
        properties.put("name", "benchmark");
        properties.put("delivery.semantics", semantics);
        return new SinkRun(properties, log).run();
    }

    private static byte[] payload(LocalServer server) throws IOException {
        try (RespClient client = server.connect()) {
            client.call("SET", "payload", "z".repeat(100));
            return (byte[]) client.call("DUMP", "payload");
        }
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String line(Result result) {
        return String.format(
                "%-17s %-8s %,10d/s at least once %,10d/s effectively once  ratio %.2f",
                result.target(), result.workload(), result.perSecond()[0], result.perSecond()[1], result.ratio());
    }

    private static String table(List<Result> results) {
        StringBuilder table = new StringBuilder(
                "\n| destination | work | at least once, changes/s | effectively once, changes/s | ratio of time |\n|---|---|---|---|---|\n");
        for (Result result : results) {
            table.append(String.format(
                    "| %s | %s | %,d | %,d | %.2f |%n",
                    result.target(), result.workload(), result.perSecond()[0], result.perSecond()[1], result.ratio()));
        }
        return table.toString();
    }

    private static String json(List<Result> results, DeliveryBenchmark benchmark) {
        return results.stream()
                .map(result -> String.format(
                        "{\"destination\":\"%s\",\"workload\":\"%s\",\"changes\":%d,\"rounds\":%d,"
                                + "\"atLeastOncePerSecond\":%d,\"effectivelyOncePerSecond\":%d,\"timeRatio\":%.3f}",
                        result.target(),
                        result.workload(),
                        benchmark.changes,
                        benchmark.rounds,
                        result.perSecond()[0],
                        result.perSecond()[1],
                        result.ratio()))
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }
}
