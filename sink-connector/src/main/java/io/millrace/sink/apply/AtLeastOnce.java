package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.CheckpointRewind;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.plan.Unit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nothing is lost. After a crash everything since the last committed offset is applied again, in order; so is a window whose
 * connection broke before its replies came. Commands that build on the old value (INCR, RPUSH) can then count twice. There is
 * one session, which rides through everything that can pass.
 */
public final class AtLeastOnce implements DeliveryStrategy {

    private final SessionParts parts;
    private final Set<LogPartition> partitions;

    public AtLeastOnce(SessionParts parts, Set<LogPartition> partitions) {
        this.parts = parts;
        this.partitions = Set.copyOf(partitions);
    }

    @Override
    public boolean decidesWhereToRead() {
        return false;
    }

    @Override
    public Session open() {
        // A checkpoint of an effectively-once sink before this one would lead the next such sink back to it.
        new CheckpointRewind(parts.nodes(), new CheckpointKeys(parts.connector())).forget(partitions);
        return new Whole(new Applier(parts, System.currentTimeMillis()));
    }

    private record Whole(Applier applier) implements Session {

        @Override
        public Map<LogPartition, Checkpoint> checkpoints() {
            return Map.of();
        }

        @Override
        public boolean isApplied(Unit unit) {
            return false;
        }

        @Override
        public boolean isPast(LogPartition partition, LogPosition position) {
            return false;
        }

        @Override
        public void send(List<Unit> window, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
            applier.apply(window);
        }

        @Override
        public void settle() {
            // all of it is done
        }

        @Override
        public void note(ResumePoints resume) {
            // Kafka's offset says where to go on
        }

        @Override
        public void cut() {
            applier.cut();
        }

        @Override
        public void close() {
            applier.close();
        }
    }
}
