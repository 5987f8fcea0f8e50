package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code cross-slot} against a source under load. */
class CrossSlotTest {

    private static LocalServer source;

    @BeforeAll
    static void start() {
        source = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @Test
    void countsByNameAndSaysWhatWouldBecomeOfThem() throws Exception {
        Ran.millrace("cross-slot", "--source", uri(), "--for", "1")
                .failsWith(ExitStatus.REFUSED)
                .naming("--allow-copy");
        AtomicBoolean done = new AtomicBoolean();
        Thread load = new Thread(() -> {
            while (!done.get()) {
                write();
            }
        });
        load.start();
        try {
            // However slow the machine is: a look sees what happens while it lasts.
            await().atMost(Duration.ofSeconds(120)).untilAsserted(CrossSlotTest::assertJson);
            // Now there is a backlog.
            await().atMost(Duration.ofSeconds(120))
                    .untilAsserted(() -> assertThat(printed(ExitStatus.DIFFERENT))
                            .contains("divided by slot", "MSET", "executed on copies", "LMOVE", "such as ", "SWAPDB")
                            .doesNotContain("SINTERSTORE"));
        } finally {
            done.set(true);
            load.join();
        }
        assertThat(printed(ExitStatus.OK)).contains("as they are");
    }

    private static void assertJson() throws IOException {
        String json = printed(ExitStatus.DIFFERENT, "--allow-copy", "--json");
        JsonNode tally = new ObjectMapper().readTree(json);
        assertThat(tally.get("event").asText()).isEqualTo("cross-slot");
        for (String count : new String[] {"divided", "copied", "refused", "transactionsAcross", "otherDatabases"}) {
            assertThat(tally.get(count).asLong()).as(count).isPositive();
        }
        assertThat(json).contains("\"name\":\"LMOVE\",\"way\":\"copied\"").contains("\"exampleKeys\":[\"");
    }

    @Test
    void wrongOptionsAreNamed() {
        Ran.millrace("cross-slot", "--source", uri(), "--for", "0")
                .failsWith(ExitStatus.USAGE)
                .naming("--for");
    }

    private static void write() {
        try (RespClient client = source.connect()) {
            client.call("MSET", "a1", 1, "b1", 2);
            client.call("RPUSH", "a", 1);
            client.call("LMOVE", "a", "b", "LEFT", "LEFT");
            client.call("LMOVE", "b", "a", "LEFT", "LEFT");
            client.call("SINTERSTORE", "{t}1", "{t}2");
            client.call("MULTI");
            client.call("INCR", "x");
            client.call("INCR", "y");
            client.call("EXEC");
            client.call("SELECT", 1);
            client.call("INCR", "z");
            client.call("SWAPDB", 2, 3);
            Thread.sleep(2);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String uri() {
        return "redis://127.0.0.1:" + source.port();
    }

    private static String printed(ExitStatus status, String... more) {
        String[] arguments = new String[more.length + 5];
        System.arraycopy(new String[] {"cross-slot", "--source", uri(), "--for", "2"}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Ran ran = Ran.millrace(arguments);
            assertThat(ran.exitCode()).as(ran.err()).isEqualTo(status.code());
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
