package io.millrace.it.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.it.pipeline.Pipeline;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.recopy.DirtyKey;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RecordedMaster;
import io.millrace.redis.local.ServerVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a module keeps passes unseen where both ends have it, and is named where the destination lacks it. */
@ExtendWith(WithSharedRuntime.class)
class ModulesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String MILLISECONDS = "4102444800000";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"REDIS_6_2,REDIS_8_0", "REDIS_8_6,VALKEY_9_1", "VALKEY_8_1,REDIS_6_0"})
    void passesUnseenWhereBothEndsHaveTheModule(ServerVersion from, ServerVersion to, SharedRuntime runtime)
            throws IOException {
        assumeTrue(from.available().isPresent(), from::unavailableMessage);
        assumeTrue(to.available().isPresent(), to::unavailableMessage);
        String load = "loadmodule " + module();
        try (LocalServer source = LocalServer.of(from).config(load).start();
                LocalServer destination = LocalServer.of(to).config(load).start()) {
            source.command("TALLY.ADD", "copied", 5);
            source.command("TALLY.ADD", "expiring", -7);
            source.command("PEXPIREAT", "expiring", MILLISECONDS);
            try (Pipeline pipeline =
                    Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
                pipeline.awaitCaughtUp();
                pipeline.awaitCaughtUp();
                source.command("TALLY.ADD", "copied", 3);
                source.command("tally.add", "streamed", 100);
                source.command("RENAME", "expiring", "renamed");
                source.command(
                        "RESTORE", "restored", MILLISECONDS, source.command("DUMP", "copied"), "ABSTTL", "REPLACE");
                pipeline.awaitCaughtUp();
                assertThat(destination.command("TALLY.ADD", "copied", 0)).isEqualTo(8L);
                assertThat(destination.command("TALLY.ADD", "streamed", 0)).isEqualTo(100L);
                assertThat(destination.command("TALLY.ADD", "renamed", 0)).isEqualTo(-7L);
                assertThat((Long) destination.command("PTTL", "renamed")).isPositive();
                assertThat(destination.command("TALLY.ADD", "restored", 0)).isEqualTo(8L);
                assertThat(destination.command("EXISTS", "expiring")).isEqualTo(0L);
            }
        }
    }

    /** Redis before 6.2 ends when it is given such a value. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "REDIS_8_6", "VALKEY_9_1"})
    void isNamedWhereTheDestinationLacksIt(ServerVersion to, SharedRuntime runtime) throws IOException {
        assumeTrue(to.available().isPresent(), to::unavailableMessage);
        try (RecordedMaster master = new RecordedMaster("6.2.7", snapshot(), new byte[0]);
                LocalServer destination = LocalServer.start(to);
                Pipeline pipeline = Pipeline.between(destination, destination)
                        .withSource("redis.hosts", LocalServer.HOST + ":" + master.port())
                        .start(runtime.rest())) {
            String failure = await().atMost(PATIENCE)
                    .until(() -> runtime.rest().failure(pipeline.sinkConnector()), Optional::isPresent)
                    .orElseThrow();
            assertThat(failure)
                    .contains("key \"counted\"")
                    .contains("value of the module type " + TallyModule.TYPE + " cannot exist")
                    .contains("unsupported.values=skip");
            assertThat(destination.command("PING")).isEqualTo("PONG");
        }
    }

    @ParameterizedTest
    @CsvSource({"REDIS_6_0,skip", "VALKEY_9_1,degrade"})
    void isLeftOutWhereThatIsAllowed(ServerVersion to, String policy, SharedRuntime runtime) throws IOException {
        assumeTrue(to.available().isPresent(), to::unavailableMessage);
        try (RecordedMaster master = new RecordedMaster("6.2.7", snapshot(), new byte[0]);
                LocalServer destination = LocalServer.start(to);
                Pipeline pipeline = Pipeline.between(destination, destination)
                        .withSource("redis.hosts", LocalServer.HOST + ":" + master.port())
                        .withSink("unsupported.values", policy)
                        .start(runtime.rest())) {
            await().atMost(PATIENCE).until(() -> {
                pipeline.failOnFailure();
                return destination.command("EXISTS", "plain").equals(1L);
            });
            assertThat(destination.command("EXISTS", "counted")).isEqualTo(0L);
            await().atMost(PATIENCE).until(() -> noted(pipeline, destination, "counted"));
        }
    }

    @Test
    void commandsAreLeftOutWithTheValue(SharedRuntime runtime) throws IOException {
        String load = "loadmodule " + module();
        try (LocalServer source =
                        LocalServer.of(ServerVersion.REDIS_6_2).config(load).start();
                LocalServer destination = LocalServer.start(ServerVersion.REDIS_7_0)) {
            source.command("TALLY.ADD", "copied", 5);
            try (Pipeline pipeline = Pipeline.between(source, destination)
                    .withSink("unsupported.values", "skip")
                    .start(runtime.rest())) {
                pipeline.awaitCaughtUp();
                pipeline.awaitCaughtUp();
                source.command("TALLY.ADD", "copied", 1);
                source.command("TALLY.ADD", "streamed", 1);
                source.command("RESTORE", "restored", 0, source.command("DUMP", "copied"));
                pipeline.awaitCaughtUp();
                for (String key : new String[] {"copied", "streamed", "restored"}) {
                    assertThat(destination.command("EXISTS", key)).isEqualTo(0L);
                    await(key).atMost(PATIENCE).until(() -> noted(pipeline, destination, key));
                }
            }
        }
    }

    private static boolean noted(Pipeline pipeline, LocalServer destination, String key) {
        byte[] field = new DirtyKey(0, key.getBytes(StandardCharsets.UTF_8)).field();
        return destination
                .command("HEXISTS", DirtyKey.hashOf(pipeline.sinkConnector()), field)
                .equals(1L);
    }

    private Path module() throws IOException {
        Optional<Path> module = TallyModule.compiled(directory);
        assumeTrue(module.isPresent(), "skipped: no C compiler (cc) for the module");
        return module.orElseThrow();
    }

    /** RDB 9 with a value of the module (type 7: its id, a signed 5, a string, the end), and a string after it. */
    private static byte[] snapshot() {
        ByteArrayOutputStream rdb = new ByteArrayOutputStream();
        rdb.writeBytes(latin("REDIS0009\u00fa\u0009redis-ver\u00056.2.7\u00fe\0"));
        rdb.writeBytes(latin("\u0007\u0007counted"));
        rdb.writeBytes(latin("\u0081\u00b5\u00a9e\u00cb\u00e9\u00a2\u0094\0"));
        rdb.writeBytes(latin("\u0002\u0005\u0005\u0005tally\0"));
        rdb.writeBytes(latin("\0\u0005plain\u0005value\u00ff\0\0\0\0\0\0\0\0"));
        return rdb.toByteArray();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
