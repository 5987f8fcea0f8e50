package io.millrace.cli.replay;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.StopSignal;
import io.millrace.cli.connect.ConnectRest;
import io.millrace.cli.connect.ConnectorStatus;
import io.millrace.cli.migration.ConnectCluster;
import io.millrace.cli.migration.Rate;
import io.millrace.cli.migration.TaskTrouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** A sink that applies the log again: set back in {@link #rewind}, watched in {@link #follow}. Belongs to one thread. */
final class Replay implements AutoCloseable {
    static final String UNTIL = "replay.until";

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final ConnectCluster cluster;
    private final ConnectRest connect;
    private final String sink;
    private final ReplayPlan plan;
    private final AppliedOffsets offsets;
    private final Rate rate = new Rate();
    private final TaskTrouble trouble = new TaskTrouble();
    private final Map<TopicPartition, Long> last;
    private Map<TopicPartition, Long> applied;

    /** @param last for each partition one more than the last record that is to be applied */
    Replay(ConnectCluster cluster, String sink, ReplayPlan plan, Map<TopicPartition, Long> last) {
        this.cluster = cluster;
        this.connect = cluster.connect();
        this.sink = sink;
        this.plan = plan;
        this.last = Map.copyOf(last);
        this.applied = plan.from();
        this.offsets = new AppliedOffsets(cluster.adminConfig(), sink);
    }

    /** Stops the sink and waits until its tasks have ended. */
    static void stop(ConnectRest connect, String sink) throws InterruptedException {
        connect.stop(sink);
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (!isStopped(connect.status(sink))) {
            if (System.nanoTime() > deadline) {
                throw new Failure("The sink " + sink + " does not stop; look at its worker's log, then run the same"
                        + " command again.");
            }
            Thread.sleep(100);
        }
    }

    private static boolean isStopped(Optional<ConnectorStatus> status) {
        return status.filter(s -> s.state().equals("STOPPED") && s.tasks().isEmpty())
                .isPresent();
    }

    /** Sets the stopped sink and its notes at the target back. */
    void rewind(Map<String, String> config) {
        putConfig(config);
        connect.alterOffsets(sink, plan.from());
    }

    /** Lets a sink that was set back go. */
    void resume() {
        connect.resume(sink);
    }

    /** Lets a sink that was set back by an earlier command go. */
    void goOn(Map<String, String> config) {
        putConfig(config);
        resume();
    }

    private void putConfig(Map<String, String> config) {
        Map<String, String> wanted = new HashMap<>(config);
        wanted.remove(UNTIL);
        if (plan.endsThere()) {
            wanted.put(UNTIL, Partitions.text(plan.end()));
        }
        if (connect.config(sink).filter(wanted::equals).isEmpty()) {
            connect.putConfig(sink, wanted);
        }
    }

    /**
     * Watches until everything is applied or a stop is wanted.
     *
     * @return how far it came
     * @throws Failure when the sink fails
     */
    Advance follow(StopSignal stop, Consumer<Advance> show) throws InterruptedException {
        while (true) {
            requireHealth();
            offsets.read().ifPresent(this::note);
            Advance advance = advance();
            show.accept(advance);
            if (advance.isComplete() || stop.isWanted()) {
                return advance;
            }
            stop.pause(TICK);
        }
    }

    private void note(Map<TopicPartition, Long> committed) {
        Map<TopicPartition, Long> now = new HashMap<>(plan.from());
        now.replaceAll((partition, from) -> Math.max(from, committed.getOrDefault(partition, from)));
        applied = now;
    }

    private Advance advance() {
        long done = 0;
        for (Map.Entry<TopicPartition, Long> entry : applied.entrySet()) {
            long from = plan.from().get(entry.getKey());
            long end = plan.end().get(entry.getKey());
            // Behind the last record there may be marks of Kafka's transactions, which no sink ever commits.
            long reached = entry.getValue() >= last.get(entry.getKey()) ? end : Math.min(entry.getValue(), end);
            done += reached - from;
        }
        long perSecond = rate.update(System.nanoTime() / 1_000_000, done);
        Optional<Duration> left = perSecond == 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((plan.length() - done + perSecond - 1) / perSecond));
        Optional<String> hindrance = cluster.isEmbedded() ? trouble.read() : Optional.empty();
        return new Advance(done, plan.length(), perSecond, left, hindrance);
    }

    private void requireHealth() {
        try {
            cluster.failure().ifPresent(failure -> {
                throw failure;
            });
            connect.status(sink)
                    .flatMap(status -> status.by(cluster.workerId()).failure())
                    .ifPresent(message -> {
                        throw new Failure(ExitStatus.FAILED, "The sink connector stopped: " + sentence(message));
                    });
        } catch (Failure e) {
            throw cluster.failure().orElse(e);
        }
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    @Override
    public void close() {
        offsets.close();
    }
}
