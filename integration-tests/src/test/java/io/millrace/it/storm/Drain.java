package io.millrace.it.storm;

import io.millrace.redis.local.LocalServerException;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits until everything that the source has executed is in the log, and everything in the log is applied. */
final class Drain {

    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final Duration POLL = Duration.ofMillis(300);

    private final ReplicatedServer source;
    private final KafkaLog log;
    private final StormDestination destination;

    Drain(ReplicatedServer source, KafkaLog log, StormDestination destination) {
        this.source = source;
        this.log = log;
        this.destination = destination;
    }

    /** @throws AssertionError that says which step did not come to an end */
    void await() throws IOException {
        step("every server of the destination", () -> {
            destination.awaitWhole();
            return true;
        });
        long offset = mark();
        step("Kafka to acknowledge offset " + offset + " of the source", () -> acknowledged(offset));
        step("the sink to commit the whole log", this::isCommitted);
    }

    private static void step(String what, java.util.concurrent.Callable<Boolean> reached) {
        try {
            Awaitility.await(what).atMost(PATIENCE).pollInterval(POLL).until(reached);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "The pipeline did not drain: waited " + PATIENCE.toSeconds() + " s for " + what, e);
        }
    }

    /** A last write, and the offset behind it. */
    private long mark() throws IOException {
        try (RespClient client = source.connect()) {
            client.call("SET", "storm:over", "yes");
            return offset(ReplicatedServer.info(source.master(), "replication"));
        }
    }

    private static long offset(String replication) {
        return replication
                .lines()
                .filter(line -> line.startsWith("master_repl_offset:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** The connector's ACK says what Kafka has acknowledged. */
    private boolean acknowledged(long offset) {
        try {
            String own = "port=" + source.replica().port() + ",";
            return ReplicatedServer.info(source.master(), "replication")
                    .lines()
                    .filter(line -> line.startsWith("slave") && line.contains("state=online") && !line.contains(own))
                    .mapToLong(line -> Long.parseLong(
                            line.substring(line.indexOf("offset=") + "offset=".length(), line.indexOf(",lag="))))
                    .anyMatch(acknowledged -> acknowledged >= offset);
        } catch (LocalServerException notNow) {
            return false;
        }
    }

    private boolean isCommitted() throws InterruptedException {
        OptionalLong committed = log.committed();
        return committed.isPresent() && log.read(committed.getAsLong(), (record, index, change) -> {}) == 0;
    }
}
