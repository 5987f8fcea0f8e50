package io.millrace.sink.apply;

import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.apply.ProgressHistory.Progress;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.plan.Unit;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a session on a cluster is, and when its main checkpoints may say so: what they say must be on the replicas, so that
 * no failover takes it back. Belongs to the thread that applies.
 */
final class ClusterProgress {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterProgress.class);

    /** Two failovers that bring a master back take longer than that: none goes unseen between two windows. */
    private static final long LOOK_MILLIS = 250;

    private static final long LAYOUT_MILLIS = 5000;
    private static final long WAIT_MILLIS = 200;
    private static final long WARN_MILLIS = 60_000;

    private static final int COMMIT_TRIES = 20;

    /** Longer than what {@code appendfsync everysec} may lose. */
    private static final long SETTLE_MILLIS = 3000;

    private final SessionParts parts;
    private final ClusterNodes nodes;
    private final MainCheckpoints main;
    private final byte[][] markers;
    private final ReplicaPatience replicas;
    private final Map<LogPartition, LogPosition> applied = new HashMap<>();
    private final ProgressHistory history = new ProgressHistory();

    private long lookedAt;
    private long layoutAt;
    private long behindSince = -1;

    /** @param markers for each slot a key of the sink's own */
    ClusterProgress(SessionParts parts, ClusterNodes nodes, MainCheckpoints main, byte[][] markers) {
        this.parts = parts;
        this.nodes = nodes;
        this.main = main;
        this.markers = markers;
        this.replicas = new ReplicaPatience(parts);
        main.written().forEach((partition, checkpoint) -> applied.put(partition, checkpoint.applied()));
        this.lookedAt = parts.millis().getAsLong();
        this.layoutAt = lookedAt;
    }

    void applied(Unit unit) {
        applied.put(unit.partition(), unit.position());
    }

    /** @throws SessionEndedException when a master is none any more, or is in another history: writes may be lost */
    void look() throws SessionEndedException {
        nodes.verify();
        lookedAt = parts.millis().getAsLong();
    }

    void lookNowAndThen() throws SessionEndedException {
        if (parts.millis().getAsLong() - lookedAt > LOOK_MILLIS) {
            look();
        }
    }

    /** Waits until everything that the masters have is with their replicas. */
    void awaitReplicas() throws ApplyAbortedException, SessionEndedException {
        replicas.await(all -> nodes.replicated(markers, WAIT_MILLIS, all));
    }

    /** As {@link #commit}, as long as it takes. */
    void mustCommit(ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        replicas.await(all -> commit(resume, all));
    }

    /** What follows a command that empties everything, and what precedes it, are best not confused after a failover. */
    void tryToCommit(ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        for (int i = 0; i < COMMIT_TRIES && !commit(resume, true); i++) {
            parts.abort().pause(WAIT_MILLIS / 4);
        }
    }

    /** About once a second: notes how far reading need not be repeated, when that is on all replicas and has settled. */
    void note(ResumePoints resume) throws SessionEndedException {
        long now = parts.millis().getAsLong();
        lookAround(now);
        Map<LogPartition, Progress> reached = reached(resume);
        boolean acknowledged = history.endsWith(reached) || isReplicated(reached, true);
        if (acknowledged && !history.endsWith(reached)) {
            history.add(now, reached);
        }
        Map<LogPartition, Progress> settled = history.until(now - SETTLE_MILLIS);
        boolean noted = acknowledged && (settled == null || write(settled));
        if (noted) {
            behindSince = -1;
        } else if (behindSince < 0) {
            behindSince = now;
        } else if (now - behindSince > WARN_MILLIS) {
            behindSince = now;
            LOG.warn(
                    "Where to read on has not been noted in the destination for {} s, because not all replicas acknowledge"
                            + " what was applied; a restart repeats that much. Check that every replica is connected to its"
                            + " master (INFO replication).",
                    WARN_MILLIS / 1000);
        }
    }

    /** Writes the main checkpoints, when what they say is on all replicas; false when it is not, or they cannot be written. */
    boolean commit(ResumePoints resume, boolean all) throws SessionEndedException {
        lookAround(parts.millis().getAsLong());
        Map<LogPartition, Progress> reached = reached(resume);
        if (!isReplicated(reached, all) || !write(reached)) {
            return false;
        }
        history.clear();
        return true;
    }

    private void lookAround(long now) throws SessionEndedException {
        look();
        if (now - layoutAt > LAYOUT_MILLIS || behindSince >= 0 || nodes.mayHaveOtherReplicas()) {
            nodes.refresh();
            layoutAt = now;
        }
    }

    private Map<LogPartition, Progress> reached(ResumePoints resume) {
        Map<LogPartition, Progress> reached = new HashMap<>();
        for (LogPartition partition : main.partitions()) {
            reached.put(partition, new Progress(applied.get(partition), resume.of(partition)));
        }
        return reached;
    }

    private boolean isReplicated(Map<LogPartition, Progress> reached, boolean all) throws SessionEndedException {
        for (Map.Entry<LogPartition, Progress> each : reached.entrySet()) {
            Checkpoint before = main.written(each.getKey());
            if (!each.getValue().in(before).equals(before)) {
                return nodes.replicated(markers, WAIT_MILLIS, all);
            }
        }
        return true;
    }

    private boolean write(Map<LogPartition, Progress> reached) throws SessionEndedException {
        try {
            for (Map.Entry<LogPartition, Progress> each : reached.entrySet()) {
                LogPartition partition = each.getKey();
                main.write(partition, each.getValue().in(main.written(partition)));
            }
            return true;
        } catch (RedisFailureException e) {
            return postponed(e);
        }
    }

    private static boolean postponed(RedisFailureException e) throws SessionEndedException {
        if (!e.failure().isRetryable()) {
            throw new SinkFailure(
                    "The sink's checkpoint, a key that begins with __millrace:checkpoint:, cannot be written. "
                            + e.getMessage(),
                    e);
        }
        if (RetryWindows.isConnection(e.kind()) && e.kind() != Kind.CLUSTERDOWN) {
            throw new SessionEndedException(e.failure());
        }
        LOG.debug("The checkpoint is written a little later.", e);
        return false;
    }
}
