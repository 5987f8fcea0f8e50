package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
    private static final int KEYS = 20_000;
    private static final int VALUE = 500;

    @TempDir
    Path directory;

    @Test
    void figuresAreEnough() throws IOException {
        Ran ran = Ran.millrace("plan", "--keys", "1000000", "--value-bytes", "1kb", "--writes-per-second", "1000");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("1,000,000 keys at", "repl-backlog-size", "Planned from", "--value-bytes", "not given");

        JsonNode plan = json("plan", "--keys", "1000000", "--value-bytes", "1kb", "--json");
        assertThat(plan.path("event").asText()).isEqualTo("plan");
        assertThat(plan.path("copy").path("seconds").asDouble()).isPositive();
        assertThat(plan.path("coefficients"))
                .allSatisfy(one -> assertThat(one.path("origin").asText()).isNotBlank());
        assertThat(input(plan, "bytes of a value")).isEqualTo(1024);
    }

    @Test
    void whatIsTooSlowHasAnExitCodeOfItsOwn() throws IOException {
        Ran missed = Ran.millrace("plan", "--keys", "1000000000", "--value-bytes", "100", "--window", "1m");
        assertThat(missed.exitCode()).isEqualTo(ExitStatus.DIFFERENT.code());
        assertThat(missed.out()).contains("! The copy does not fit into its window");

        Ran behind =
                Ran.millrace("plan", "--keys", "1", "--value-bytes", "9", "--writes-per-second", "9000000", "--json");
        assertThat(behind.exitCode()).isEqualTo(ExitStatus.DIFFERENT.code());
        JsonNode plan = new ObjectMapper().readTree(behind.out());
        assertThat(plan.path("stream").path("lagMillis").isNull()).isTrue();
        assertThat(plan.path("tooSlow").asBoolean()).isTrue();
    }

    @Test
    void aSourceIsAskedAndNotTouched() throws Exception {
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .user("planner", "planner-secret", "on -@all +info +ping +config|get +select +cluster|slots")
                        .start();
                RespClient client = source.connect()) {
            fill(client);
            long dirty = dirty(client);
            List<String> arguments =
                    List.of("plan", "--source", source.uri(), "--sample", "1", "--round-trip-ms", "40", "--json");
            JsonNode plan = json(arguments.toArray(String[]::new));
            assertThat(input(plan, "keys")).isEqualTo(KEYS);
            assertThat(input(plan, "bytes of a value")).isCloseTo(VALUE, within(100.0));
            assertThat(input(plan, "source shards")).isEqualTo(1);
            assertThat(input(plan, "round trip to the source")).isPositive();
            assertThat(input(plan, "round trip to the destination")).isEqualTo(40);
            assertThat(plan.path("advice").toString()).contains("batch.max.commands");

            // What is given counts more than what the source says; a small backlog is told of.
            JsonNode given = json(
                    "plan",
                    "--source",
                    source.uri(),
                    "--sample",
                    "1",
                    "--keys",
                    "77",
                    "--writes-per-second",
                    "20000",
                    "--json");
            assertThat(input(given, "keys")).isEqualTo(77);
            assertThat(given.path("advice").toString()).contains("CONFIG SET repl-backlog-size");
            assertThat(dirty(client)).isEqualTo(dirty);

            String password = Files.writeString(directory.resolve("password"), "planner-secret\n")
                    .toString();
            Ran least = Ran.millrace(
                    "plan",
                    "--source",
                    source.uri(),
                    "--sample",
                    "1",
                    "--source-user",
                    "planner",
                    "--source-password-file",
                    password);
            assertThat(least.exitCode()).as(least.err()).isZero();
        }
    }

    @Test
    void writesOfASourceAreWatched() throws Exception {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .replicaOf(source)
                        .start();
                RespClient client = source.connect()) {
            assertThat(replica.isRunning()).isTrue();
            AtomicReference<Exception> failure = new AtomicReference<>();
            AtomicBoolean enough = new AtomicBoolean();
            Thread writer = new Thread(() -> write(client, enough, failure));
            writer.start();
            JsonNode plan = json("plan", "--source", source.uri(), "--sample", "3", "--json");
            enough.set(true);
            writer.join();
            assertThat(failure.get()).isNull();
            assertThat(input(plan, "writes")).isBetween(1.0, 1100.0);
            // A busy machine may let few through; then it is what is usual.
            assertThat(input(plan, "bytes of a command")).isBetween(100.0, VALUE + 60.0);
        }
    }

    @Test
    void aClusterIsAskedShardByShard() throws Exception {
        try (LocalCluster source = LocalCluster.start(ServerVersion.standard())) {
            for (int i = 0; i < 300; i++) {
                byte[] key = ("key:" + i).getBytes(StandardCharsets.US_ASCII);
                source.masterOf(HashSlot.of(key)).command("SET", key, "v");
            }
            JsonNode plan = json("plan", "--source", source.masters().get(0).uri(), "--sample", "1", "--json");
            assertThat(input(plan, "keys")).isEqualTo(300);
            assertThat(input(plan, "source shards")).isEqualTo(3);
            assertThat(plan.path("kafka").path("partitions").asInt()).isEqualTo(12);
            assertThat(plan.path("workers").path("sinkTasks").asInt()).isEqualTo(3);
        }
    }

    private static void write(RespClient client, AtomicBoolean enough, AtomicReference<Exception> failure) {
        try {
            byte[] value = new byte[VALUE];
            while (!enough.get()) {
                client.call("SET", "key", value);
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            failure.set(e);
        }
    }

    private static void fill(RespClient client) throws IOException {
        byte[] value = new byte[VALUE];
        for (int i = 0; i < KEYS; i++) {
            client.send("SET", "key:" + i, value);
            if (i % 1000 == 999) {
                client.flush();
                for (int reply = 0; reply < 1000; reply++) {
                    client.receive();
                }
            }
        }
    }

    /** How many changes there were since the last snapshot: none come of a plan. */
    private static long dirty(RespClient client) throws IOException {
        String info = new String((byte[]) client.call("INFO", "persistence"), StandardCharsets.US_ASCII);
        return Arrays.stream(info.split("\r\n"))
                .filter(line -> line.startsWith("rdb_changes_since_last_save:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode json(String... arguments) throws IOException {
        Ran ran = Ran.millrace(arguments);
        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        return new ObjectMapper().readTree(ran.out());
    }

    private static double input(JsonNode plan, String name) {
        for (JsonNode one : plan.path("inputs")) {
            if (one.path("name").asText().equals(name)) {
                return one.path("value").asDouble();
            }
        }
        throw new AssertionError("no input " + name + " in " + plan);
    }
}
