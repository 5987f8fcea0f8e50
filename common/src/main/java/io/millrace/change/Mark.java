package io.millrace.change;

import io.millrace.slot.SlotSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A point in the stream that changes no key.
 *
 * @param details what the mark's meaning asks for, such as the number of keys that a snapshot announces; the names are
 *     listed in the documentation of the event
 * @param slots for a cluster's shard, the slots of the record's partition that the mark concerns; null for all
 */
public record Mark(Origin origin, int db, long offset, Meaning meaning, Map<String, String> details, SlotSet slots)
        implements Change {

    /** What a mark says. */
    public enum Meaning {
        /** A full synchronisation starts: what follows replaces everything that this shard sent before. */
        SNAPSHOT_BEGIN,
        /** The snapshot is complete; commands follow. */
        SNAPSHOT_END,
        /** Nothing changed; the link is alive and has read up to the offset. */
        HEARTBEAT,
        /** The shards of the source changed. */
        TOPOLOGY,
        /** Changes may be missing before this point. */
        GAP;

        private final String kind = name().toLowerCase(Locale.ROOT);

        /** The value of the event's field {@code kind}. */
        public String kind() {
            return kind;
        }
    }

    public Mark {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(meaning, "meaning");
        details = Map.copyOf(details);
    }

    /** A mark that concerns all slots. */
    public Mark(Origin origin, int db, long offset, Meaning meaning, Map<String, String> details) {
        this(origin, db, offset, meaning, details, null);
    }

    /** This mark as one that concerns these slots. */
    public Mark within(SlotSet concerned) {
        return new Mark(origin, db, offset, meaning, details, concerned);
    }

    @Override
    public byte[] key() {
        return null;
    }

    @Override
    public String kind() {
        return meaning.kind();
    }
}
