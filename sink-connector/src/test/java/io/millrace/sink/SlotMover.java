package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Moves slots between the nodes of a cluster with the cluster's own means. */
final class SlotMover {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private SlotMover() {}

    /** {@code redis-cli --cluster reshard}: key by key. */
    static void reshard(LocalServer from, LocalServer to, int slots) throws IOException, InterruptedException {
        Path cli = from.version()
                .tool(from.version().isValkey() ? "valkey-cli" : "redis-cli")
                .orElseThrow();
        List<String> command = new ArrayList<>(List.of(cli.toString(), "--cluster", "reshard"));
        command.add(LocalServer.HOST + ":" + from.port());
        command.addAll(List.of("--cluster-from", id(from), "--cluster-to", id(to)));
        command.addAll(List.of("--cluster-slots", Integer.toString(slots), "--cluster-yes"));
        Path log = from.directory().resolve("reshard.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("in time").isTrue();
            assertThat(process.exitValue()).as(() -> tail(log)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The migration of Valkey 9 and Redis 8.4, which moves whole slots at once. FLUSHALL ends it, and it is begun again. */
    static void migrate(LocalServer from, LocalServer to, int first, int last) {
        boolean done;
        do {
            done = from.version() == ServerVersion.VALKEY_9_1
                    ? exported(from, to, first, last)
                    : imported(to, first, last);
        } while (!done);
    }

    private static boolean exported(LocalServer from, LocalServer to, int first, int last) {
        from.command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", first, last, "NODE", id(to));
        return succeeds(() -> (List<?>) from.command("CLUSTER", "GETSLOTMIGRATIONS"), "success", "failed");
    }

    /** What fails it tries again by itself, for example while the node ends the task before. */
    private static boolean imported(LocalServer to, int first, int last) {
        String task = text(to.command("CLUSTER", "MIGRATION", "IMPORT", first, last));
        return succeeds(
                () -> (List<?>) to.command("CLUSTER", "MIGRATION", "STATUS", "ID", task), "completed", "canceled");
    }

    private static boolean succeeds(Supplier<List<?>> newestFirst, String success, String end) {
        AtomicReference<String> state = new AtomicReference<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            Map<String, String> status = fields((List<?>) newestFirst.get().get(0));
            state.set(status.get("state"));
            assertThat(state.get()).as(status.toString()).isIn(success, end);
        });
        return state.get().equals(success);
    }

    private static Map<String, String> fields(List<?> reply) {
        Map<String, String> fields = new TreeMap<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            fields.put(text(reply.get(i)), text(reply.get(i + 1)));
        }
        return fields;
    }

    static String id(LocalServer node) {
        return text(node.command("CLUSTER", "MYID"));
    }

    /** How often nodes have answered with this error. */
    static long errors(List<LocalServer> nodes, String code) {
        String prefix = "errorstat_" + code + ":count=";
        return nodes.stream()
                .flatMap(node -> text(node.command("INFO", "errorstats")).lines())
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(line.substring(prefix.length())))
                .sum();
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }
}
