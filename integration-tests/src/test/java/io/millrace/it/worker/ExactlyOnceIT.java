package io.millrace.it.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.it.pipeline.Converters;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.it.worker.CommittedChanges.Read;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker with {@code exactly.once.source.support=enabled} that is killed again and again. */
@ExtendWith(WithSharedRuntime.class)
class ExactlyOnceIT {

    private static final int KILLS = 2;

    /** Bytes of the source's stream that are committed between two kills. */
    private static final long PROGRESS = 50_000;

    private static final String OWN_BOUNDARIES = "exactly-once-units";
    private static final String POLLS = "exactly-once-polls";

    @TempDir
    static Path directory;

    private static SharedRuntime kafka;
    private static LocalServer source;
    private static ExactlyOnceWorker worker;

    @BeforeAll
    static void start(SharedRuntime runtime) {
        kafka = runtime;
        source = LocalServer.of(ServerVersion.standard())
                .config("repl-backlog-size 512mb")
                .start();
        worker = ExactlyOnceWorker.start("exactly-once", kafka.bootstrapServers(), directory);
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
        source.close();
    }

    private static void create(String name, String boundary, String grouping) {
        Map<String, String> config = new HashMap<>(Converters.oursWithoutRegistry());
        config.put("connector.class", "io.millrace.source.RedisSourceConnector");
        config.put("redis.hosts", "127.0.0.1:" + source.port());
        config.put("topic", name);
        config.put("topic.creation.default.partitions", "1");
        config.put("topic.creation.default.replication.factor", "1");
        config.put("record.grouping", grouping);
        // With polls for boundaries, a unit of any size could not be promised, and "required" is refused.
        config.put("exactly.once.support", boundary.equals("connector") ? "required" : "requested");
        config.put("transaction.boundary", boundary);
        worker.rest().put(name, config);
    }

    private static JsonNode stored(String connector) {
        worker.rest().failure(connector).ifPresent(trace -> {
            throw new AssertionError(connector + " failed: " + trace);
        });
        return worker.rest().offsets(connector).path(0).path("offset");
    }

    /** Until the stored position is of the stream, and so far. */
    private static void awaitStored(long offset) {
        for (String connector : List.of(OWN_BOUNDARIES, POLLS)) {
            await(connector + " at " + offset).atMost(Duration.ofMinutes(4)).until(() -> {
                JsonNode stored = stored(connector);
                return stored.path("phase").asText().equals("stream")
                        && stored.path("offset").asLong() >= offset;
            });
        }
    }

    @Test
    void commitsEachUnitOnceAndWholeHoweverOftenTheWorkerIsKilled() throws IOException {
        create(OWN_BOUNDARIES, "connector", "single");
        create(POLLS, "poll", "batch");
        SteadyLoad load = new SteadyLoad(source);
        try (load) {
            awaitStored(1);
            for (int kill = 0; kill < KILLS; kill++) {
                long reached = Math.max(
                        stored(OWN_BOUNDARIES).path("offset").asLong(),
                        stored(POLLS).path("offset").asLong());
                awaitStored(reached + PROGRESS);
                worker.killAndLaunch();
            }
        }
        source.command("SET", "end", "1");
        for (String topic : List.of(OWN_BOUNDARIES, POLLS)) {
            try (CommittedChanges committed = new CommittedChanges(kafka.bootstrapServers(), topic)) {
                assertExactlyOnce(committed.until(change -> isSet(change, "end")), load.written());
            }
        }
        altersOffsets();
    }

    /** Every number at its place, and no marker of a Kafka transaction between the records of a transaction. */
    private static void assertExactlyOnce(List<Read> all, int written) {
        UnitSequence sequence = new UnitSequence(true);
        for (Read read : all) {
            assertThat(read.change().origin().generation()).isEqualTo(1);
            if (read.change() instanceof CommandChange change && !isSet(change, "end")) {
                sequence.take(read, change);
            }
        }
        assertThat(sequence.first() + sequence.units()).isEqualTo(written);
        assertThat(sequence.units()).isGreaterThan(1000);
    }

    private void altersOffsets() throws IOException {
        WorkerRest rest = worker.rest();
        JsonNode partition = rest.offsets(OWN_BOUNDARIES).path(0).path("partition");
        ObjectNode offset = stored(OWN_BOUNDARIES).deepCopy();
        rest.stop(OWN_BOUNDARIES);
        source.command("SET", "again", "1");
        ObjectNode swapped = JsonNodeFactory.instance.objectNode();
        swapped.put("shard", "0").put("source", OWN_BOUNDARIES);
        assertThat(rest.alterOffset(OWN_BOUNDARIES, swapped, offset)).contains("in this order");
        assertThat(rest.alterOffset(OWN_BOUNDARIES, partition, offset.deepCopy().put("phase", "later")))
                .contains("\"phase\": \"stream\"");
        assertThat(rest.alterOffset(OWN_BOUNDARIES, partition, offset)).contains("successfully");
        rest.resume(OWN_BOUNDARIES);
        try (CommittedChanges committed = new CommittedChanges(kafka.bootstrapServers(), OWN_BOUNDARIES)) {
            List<Read> all = committed.until(change -> isSet(change, "again"));
            assertThat(all.stream().filter(read -> isMark(read.change(), Mark.Meaning.SNAPSHOT_BEGIN)))
                    .hasSize(1);
            rest.stop(OWN_BOUNDARIES);
            assertThat(rest.deleteOffsets(OWN_BOUNDARIES)).contains("successfully");
            assertThat(rest.offsets(OWN_BOUNDARIES)).isEmpty();
            rest.resume(OWN_BOUNDARIES);
            int before = all.size();
            all = committed.until(change -> isMark(change, Mark.Meaning.SNAPSHOT_END));
            assertThat(all.subList(before, all.size()).stream()
                            .filter(read -> isMark(read.change(), Mark.Meaning.SNAPSHOT_BEGIN)))
                    .hasSize(1);
        }
    }

    private static boolean isSet(Change change, String key) {
        return change instanceof CommandChange command
                && command.command().name().equals("SET")
                && text(command.key()).equals(key);
    }

    private static boolean isMark(Change change, Mark.Meaning meaning) {
        return change instanceof Mark mark && mark.meaning() == meaning;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
