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

    /** The migration of Valkey 9 and Redis 8.4, which moves whole slots at once. */
    static void migrate(LocalServer from, LocalServer to, int first, int last) {
        if (from.version() == ServerVersion.VALKEY_9_1) {
            from.command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", first, last, "NODE", id(to));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                Map<String, String> newest =
                        fields((List<?>) ((List<?>) from.command("CLUSTER", "GETSLOTMIGRATIONS")).get(0));
                assertThat(newest.get("state")).as(newest.toString()).isNotIn("failed", "cancelled");
                return newest.get("state").equals("success");
            });
        } else {
            String task = text(to.command("CLUSTER", "MIGRATION", "IMPORT", first, last));
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                List<?> tasks = (List<?>) to.command("CLUSTER", "MIGRATION", "STATUS", "ID", task);
                // what fails it tries again by itself, for example while the node ends the task before
                return fields((List<?>) tasks.get(0)).get("state").equals("completed");
            });
        }
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
