package io.millrace.it.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.it.pipeline.Pipeline;
import io.millrace.it.worker.PluginPath;
import io.millrace.it.worker.WorkerProcess;
import io.millrace.it.worker.WorkerProcess.Release;
import io.millrace.it.workload.PacedWriter;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The only broker is killed and stays away while the source is written to. The source gives a replica 32 MB, and 8 MB for
 * ten seconds; its backlog has 1 MB, so that a link that breaks would mean a new copy. {@code scripts/broker-outage} runs
 * this for a minute.
 */
class BrokerOutageIT {

    private static final int SECONDS = Integer.getInteger("millrace.outage.seconds", 20);
    private static final int WRITES_PER_SECOND = Integer.getInteger("millrace.outage.rate", 30_000);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Without a coordinator a worker keeps its tasks for the heartbeat's interval, then stops them. */
    private static final Map<String, String> PATIENT_WORKER = Map.of(
            "heartbeat.interval.ms", "300000",
            "session.timeout.ms", "600000");

    @Test
    void theSourceDoesNotNotice(@TempDir Path directory) throws Exception {
        Path plugins = PluginPath.in(directory.resolve("plugins"));
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .config("client-output-buffer-limit replica 32mb 8mb 10")
                        .start();
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                BrokerProcess broker = BrokerProcess.start(directory);
                WorkerProcess worker = WorkerProcess.launch(
                        Release.KAFKA_4_3,
                        broker.bootstrapServers(),
                        plugins,
                        directory.resolve("worker"),
                        PATIENT_WORKER)) {
            worker.awaitReady();
            try (Pipeline pipeline = Pipeline.between(source, destination)
                    .grouping("batch")
                    .withSource("spool.directory", directory.toString())
                    .start(worker.rest())) {
                pipeline.awaitCaughtUp();
                String link = replica(source);
                long offset = info(source, "replication", "master_repl_offset");
                PacedWriter writer = PacedWriter.start(source, WRITES_PER_SECOND);
                try (writer) {
                    awaitMore(writer, 2L * WRITES_PER_SECOND);
                    broker.kill9();
                    long from = System.nanoTime();
                    awaitMore(writer, (long) SECONDS * WRITES_PER_SECOND);
                    long away = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from);
                    report(
                            "The broker was away for %d s, while %d writes (%d bytes) went to the source.",
                            away, writer.written(), info(source, "replication", "master_repl_offset") - offset);
                    assertThat(replica(source))
                            .as("the link while the broker is away")
                            .isEqualTo(link);
                    broker.start();
                    awaitMore(writer, 2L * WRITES_PER_SECOND);
                }
                long from = System.nanoTime();
                await("all writes at the destination").atMost(PATIENCE).until(() -> {
                    pipeline.failOnFailure();
                    return destination.command("GET", PacedWriter.LAST) instanceof byte[] last
                            && text(last).equals(Long.toString(writer.written()));
                });
                report(
                        "%d s after the last of %d writes the destination had them all.",
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from), writer.written());
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(20_000);
                assertThat(replica(source)).as("the same connection").isEqualTo(link);
                assertThat(info(source, "stats", "sync_full")).isEqualTo(1);
                assertThat(info(source, "stats", "sync_partial_ok")).isZero();
                assertThat(info(source, "stats", "sync_partial_err")).isZero();
                report("One full synchronisation, no other; the link is the connection that it was.");
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\nThe end of the worker's log:\n" + worker.logTail(), e);
            }
        }
    }

    private static void report(String sentence, Object... figures) {
        System.out.printf(sentence + "%n", figures);
    }

    private static void awaitMore(PacedWriter writer, long writes) {
        long from = writer.written();
        await().atMost(PATIENCE).until(() -> writer.written() >= from + writes);
    }

    /** The id that the source gave to the link's connection. */
    private static String replica(LocalServer source) {
        String list = text((byte[]) source.command("CLIENT", "LIST", "TYPE", "replica"));
        assertThat(list.lines()).as("the replicas of the source").hasSize(1);
        return list.substring("id=".length(), list.indexOf(' '));
    }

    private static long info(LocalServer source, String section, String field) {
        return text((byte[]) source.command("INFO", section))
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
