package io.millrace.cli.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.change.Position;
import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.connect.ConnectRest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A running migration: both connectors on a Connect cluster, watched from outside. Belongs to one thread.
 *
 * <p>{@link #start} brings the connectors up, {@link #watch} is called about once a second, {@link #drain} ends it in order.
 * Closing it leaves the connectors as they are.
 */
final class Migration implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConnectCluster cluster;
    private final ConnectRest connect;
    private final MigrationPlan plan;
    private final InstantSource clock;
    private final ProgressMeter meter = new ProgressMeter();
    private final KeyCounter source;
    private final KeyCounter target;
    private final LogWatch log;

    Migration(ConnectCluster cluster, MigrationPlan plan, InstantSource clock) {
        this.cluster = cluster;
        this.connect = cluster.connect();
        this.plan = plan;
        this.clock = clock;
        this.source = new KeyCounter(plan.source());
        this.target = new KeyCounter(plan.target());
        this.log = new LogWatch(cluster.adminConfig(), plan.topic(), plan.sinkConnector());
    }

    /**
     * Creates the connectors, or lets those of an earlier run go on.
     *
     * @throws Failure when the topic is there and its partitions are not those that the source's records are spread over
     */
    void start() throws InterruptedException {
        Map<String, String> config = ConnectorConfigs.source(plan);
        if (plan.fromCluster()) {
            requirePartitions(config.get(ConnectorConfigs.PARTITIONS));
        }
        // The source first: its task makes the topic, with the number of partitions that its kind of source needs.
        run(plan.sourceConnector(), config);
        run(plan.sinkConnector(), ConnectorConfigs.sink(plan));
    }

    private void requirePartitions(String wanted) throws InterruptedException {
        OptionalInt found = log.partitions();
        if (found.isPresent() && !String.valueOf(found.getAsInt()).equals(wanted)) {
            throw new Failure(
                    ExitStatus.REFUSED,
                    "The topic " + plan.topic() + " has " + found.getAsInt()
                            + " partitions, and the slots of the source"
                            + " would be spread over " + wanted + " (" + ConnectorConfigs.PARTITIONS
                            + "); give --source-config "
                            + ConnectorConfigs.PARTITIONS + "=" + found.getAsInt()
                            + ", or use a topic that has as many.");
        }
    }

    private void run(String connector, Map<String, String> config) {
        Optional<Map<String, String>> stored = connect.config(connector);
        Map<String, String> wanted = new HashMap<>(config);
        wanted.put("name", connector);
        if (stored.isEmpty() || !stored.get().equals(wanted)) {
            connect.putConfig(connector, config);
        }
        if (stored.isPresent()) {
            connect.resume(connector);
        }
    }

    /**
     * Takes readings.
     *
     * @throws Failure when a connector, or the cluster itself, has failed
     */
    Progress watch() throws InterruptedException {
        look();
        return meter.progress(clock.millis(), false);
    }

    private void look() throws InterruptedException {
        try {
            requireHealth();
            read();
        } catch (Failure e) {
            // When the broker has given up, that is the reason, and not the worker that can no longer answer.
            throw cluster.failure().orElse(e);
        }
    }

    boolean isSnapshotApplied() {
        return meter.isSnapshotApplied();
    }

    boolean isAppliedUpTo(long sourceOffset) {
        return meter.isAppliedUpTo(sourceOffset);
    }

    private void read() throws InterruptedException {
        source.read().ifPresent(reading -> meter.source(reading, clock.millis()));
        target.read().ifPresent(meter::target);
        storedPositions();
        log.read().ifPresent(meter::log);
    }

    private void storedPositions() {
        for (JsonNode entry : connect.offsets(plan.sourceConnector())) {
            JsonNode offset = entry.path("offset");
            // Beside the positions of a cluster's shards stands the list of their names.
            if (offset.has("generation")) {
                String shard = plan.fromCluster()
                        ? entry.path("partition").path("shard").asText()
                        : ProgressMeter.ALONE;
                meter.position(
                        shard,
                        Position.fromMap(JSON.convertValue(
                                offset,
                                JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class))));
                if (!plan.fromCluster()) {
                    return;
                }
            }
        }
    }

    private void requireHealth() {
        cluster.failure().ifPresent(failure -> {
            throw failure;
        });
        requireHealth(plan.sourceConnector(), "source");
        requireHealth(plan.sinkConnector(), "sink");
    }

    private void requireHealth(String connector, String side) {
        connect.status(connector)
                .flatMap(status -> status.by(cluster.workerId()).failure())
                .ifPresent(message -> {
                    throw new Failure("The " + side + " connector stopped: " + sentence(message));
                });
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    /**
     * How a drain ended.
     *
     * @param recordsLeft in the log; 0 when all is at the target
     * @param positions of the shards of a cluster by their names; of another source, one
     */
    record Drained(long recordsLeft, SortedMap<String, Position> positions) {
        /** Of a source that is no cluster. */
        Optional<Position> position() {
            return Optional.ofNullable(positions.get(ProgressMeter.ALONE));
        }
    }

    /**
     * Stops the source, and waits until the sink has applied what is in the log.
     *
     * @param atMost how long to wait for the sink
     * @param show is called with progress meanwhile
     */
    Drained drain(Duration atMost, Consumer<Progress> show) throws InterruptedException {
        connect.stop(plan.sourceConnector());
        await(
                STOP_TIMEOUT,
                () -> connect.status(plan.sourceConnector())
                        .filter(status -> status.state().equals("STOPPED")
                                && status.tasks().isEmpty())
                        .isPresent());
        long deadline = System.nanoTime() + atMost.toNanos();
        do {
            look();
            show.accept(meter.progress(clock.millis(), true));
            if (meter.log().left() <= 0) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } while (System.nanoTime() < deadline);
        return new Drained(Math.max(0, meter.log().left()), meter.positions());
    }

    private static void await(Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Stops the sink too, where the connectors outlive this process. */
    void stopSink() {
        connect.stop(plan.sinkConnector());
    }

    @Override
    public void close() {
        source.close();
        target.close();
        log.close();
    }
}
