package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.SnapshotEntry;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody takes what is read, for a while: the source must not notice, and nothing may be lost. */
class SlowKafkaTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final byte[] VALUE = new byte[10_000];

    @TempDir
    Path directory;

    private LocalServer server;
    private RespClient client;
    private TaskDriver driver;
    private int written;

    @BeforeEach
    void startServer() {
        server = LocalServer.of(ServerVersion.standard())
                .config("client-output-buffer-limit replica 32mb 8mb 10")
                .start();
        client = server.connect();
    }

    /** The source can continue a link that was cut; it allows a replica no less than its backlog, but for some time only. */
    private void giveTheSourceABacklog() throws Exception {
        client.call("CONFIG", "SET", "repl-backlog-size", "400mb");
        client.call("CONFIG", "SET", "client-output-buffer-limit", "replica 32mb 8mb 1");
    }

    @AfterEach
    void stopServer() throws Exception {
        if (driver != null) {
            driver.close();
        }
        client.close();
        server.close();
    }

    private void start(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "name",
                "slow",
                "redis.hosts",
                "127.0.0.1:" + server.port(),
                "topic",
                "t",
                "record.grouping",
                "batch",
                "queue.max.changes",
                "100",
                "spool.directory",
                directory.toString(),
                "spool.memory.bytes",
                "1048576"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        driver = new TaskDriver(properties).start();
    }

    /** Writes so many commands of 10 KB, numbered. */
    private void write(int commands) throws Exception {
        for (int from = 0; from < commands; from += 100) {
            int burst = Math.min(100, commands - from);
            for (int i = 0; i < burst; i++) {
                client.send("SET", "n" + written++ % 10, VALUE, "PXAT", Long.toString(99990000000000L + written));
            }
            for (int i = 0; i < burst; i++) {
                client.receive();
            }
        }
    }

    /** So that a slow machine's disk may be slower than the writer. */
    private void awaitSpooled(long bytes) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        driver.status().getSpoolBytesOnDisk() + driver.status().getSpoolBytesInMemory() > bytes);
    }

    /** Reads what was written and checks that it is all there, once and in order. */
    private void assertAllCame() throws Exception {
        client.call("SET", "end", "1");
        driver.until(() -> driver.changes().stream().anyMatch(c -> c instanceof CommandChange && key(c).equals("end")));
        List<Long> numbers = driver.changes().stream()
                .filter(c -> c instanceof CommandChange && !key(c).equals("end"))
                .map(c -> ((CommandChange) c).expireAt() - 99990000000000L)
                .toList();
        assertThat(numbers).hasSize(written);
        for (int i = 0; i < written; i++) {
            if (numbers.get(i) != i + 1) {
                assertThat(numbers.get(i)).as("change %d", i).isEqualTo(i + 1);
            }
        }
    }

    private static String key(Change change) {
        return new String(change.key(), StandardCharsets.UTF_8);
    }

    private String info(String section, String field) throws Exception {
        String info = new String((byte[]) client.call("INFO", section), StandardCharsets.UTF_8);
        return info.lines()
                .filter(l -> l.startsWith(field + ":"))
                .map(l -> l.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** The id that the source gave to the link's connection; empty when there is none. */
    private String replica() throws Exception {
        String list = new String((byte[]) client.call("CLIENT", "LIST", "TYPE", "replica"), StandardCharsets.UTF_8);
        return list.isBlank() ? "" : list.substring("id=".length(), list.indexOf(' '));
    }

    @Test
    void theSourceKeepsItsLinkWhileNobodyTakesAnything() throws Exception {
        start();
        driver.untilCopied();
        String link = replica();
        while (written < 12_000) {
            write(100);
            awaitSpooled(written * (long) VALUE.length - 10_000_000);
        }
        // 120 MB: a source that kept them itself would have cut the link at 32.
        await().atMost(PATIENCE).until(() -> driver.status().getSpoolBytesOnDisk() > 100_000_000);
        assertThat(driver.status().getSpoolBytesInMemory()).isBetween(500_000L, 1_048_576L);
        assertThat(driver.status().isSpoolFull()).isFalse();
        assertThat(Files.list(directory)).as("its files have no names").isEmpty();
        assertThat(client.call("WAIT", "1", "50")).as("nothing is in the log").isEqualTo(0L);

        assertAllCame();
        assertThat(replica()).as("the same connection").isEqualTo(link);
        assertThat(info("stats", "sync_full")).isEqualTo("1");
        assertThat(info("stats", "sync_partial_ok")).isEqualTo("0");
        assertThat(client.call("WAIT", "1", "20000")).isEqualTo(1L);
        assertThat(driver.status().getSpoolTimesFull()).isZero();
        await().atMost(PATIENCE)
                .until(() ->
                        driver.status().getSpoolBytesOnDisk() + driver.status().getSpoolBytesInMemory() == 0);
    }

    @Test
    void continuesWhenTheSpoolWasFullAndTheSourceCutTheLink() throws Exception {
        giveTheSourceABacklog();
        start("spool.max.bytes", "10000000");
        driver.untilCopied();
        write(12_000);
        await().atMost(PATIENCE).until(() -> driver.status().isSpoolFull());
        await().atMost(PATIENCE).until(() -> replica().isEmpty());
        assertThat(driver.status().getSpoolBytesOnDisk()).isEqualTo(10_000_000);

        assertAllCame();
        assertThat(driver.status().getSpoolTimesFull()).isPositive();
        assertThat(info("stats", "sync_full")).isEqualTo("1");
        assertThat(Integer.parseInt(info("stats", "sync_partial_ok"))).isPositive();
    }

    @Test
    void readsWhatCameBeforeTheLinkWasCut() throws Exception {
        giveTheSourceABacklog();
        start();
        driver.untilCopied();
        write(3_000);
        await().atMost(PATIENCE).until(() -> driver.status().getSpoolBytesOnDisk() > 25_000_000);
        long readBefore = driver.status().getReadOffset();
        assertThat(client.call("CLIENT", "KILL", "TYPE", "replica")).isEqualTo(1L);
        await().atMost(PATIENCE).until(() -> replica().isEmpty());
        write(500);
        assertThat(driver.status().getReadOffset()).isEqualTo(readBefore);

        assertAllCame();
        assertThat(info("stats", "sync_full")).isEqualTo("1");
        assertThat(info("stats", "sync_partial_ok")).isEqualTo("1");
        assertThat(driver.changes())
                .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(1));
    }

    @Test
    void goesOnWithMemoryWhenTheDirectoryIsGone() throws Exception {
        giveTheSourceABacklog();
        Path own = Files.createDirectory(directory.resolve("own"));
        start("spool.directory", own.toString());
        driver.untilCopied();
        Files.delete(own);
        write(12_000);
        await().atMost(PATIENCE).until(() -> driver.status().isSpoolFull());
        assertThat(driver.status().getSpoolDiskError()).contains(own.toString());
        assertThat(driver.status().getPhase()).isEqualTo("stream");

        assertAllCame();
        assertThat(info("stats", "sync_full")).isEqualTo("1");
    }

    @Test
    void beginsTheCopyAgainWhenItWasCutInItsMiddle() throws Exception {
        // Random bytes, as a source compresses others.
        Random random = new Random(1);
        byte[] value = new byte[10_000];
        for (int i = 0; i < 4_000; i++) {
            random.nextBytes(value);
            client.call("SET", "k" + i, value);
        }
        start("spool.max.bytes", "0");
        await().atMost(PATIENCE).until(() -> driver.status().isSpoolFull());
        assertThat(driver.status().getPhase()).isEqualTo("snapshot");
        assertThat(client.call("CLIENT", "KILL", "TYPE", "replica")).isEqualTo(1L);
        driver.untilCopied();

        long ofFirst = entries(1);
        assertThat(ofFirst).as("what came before the cut").isBetween(100L, 3_999L);
        assertThat(entries(2)).isEqualTo(4_000);
        assertThat(driver.status().getGeneration()).isEqualTo(2);
        write(10);
        assertAllCame();
    }

    private long entries(int generation) {
        return driver.changes().stream()
                .filter(c -> c instanceof SnapshotEntry && c.origin().generation() == generation)
                .count();
    }
}
