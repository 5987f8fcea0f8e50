package io.millrace.sink.checkpoint;

import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;

/** The names of the checkpoints of one connector. */
public final class CheckpointKeys {

    private static final String PREFIX = "__millrace:checkpoint:";

    private static final String MARKER = "__millrace:marker:";

    private static final String GATHERED = "__millrace:gathered:";

    private final String connector;

    public CheckpointKeys(String connector) {
        this.connector = connector;
    }

    /** The main checkpoint of a partition: {@code __millrace:checkpoint:<connector>:<topic>-<partition>}. */
    public byte[] main(LogPartition partition) {
        return (PREFIX + connector + ':' + partition).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The checkpoint of a partition for a slot of a cluster, in that slot:
     * {@code __millrace:checkpoint:{tag}:<connector>:<topic>-<partition>}.
     */
    public byte[] slot(int slot, LogPartition partition) {
        return (PREFIX + '{' + SlotTag.of(slot) + "}:" + connector + ':' + partition).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What a sink writes to a master of a cluster before it asks how far the replicas are; it expires by itself:
     * {@code __millrace:marker:{tag}:<connector>}.
     */
    public byte[] marker(int slot) {
        return (MARKER + '{' + SlotTag.of(slot) + "}:" + connector).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What the names of copies of keys begin with that a command over several slots is executed on, and the name of the note
     * that says which command that is; all are in the slot of the main checkpoint:
     * {@code __millrace:gathered:{tag}:<connector>:<topic>-<partition>}.
     */
    public byte[] gathered(LogPartition partition) {
        int slot = HashSlot.of(main(partition));
        return (GATHERED + '{' + SlotTag.of(slot) + "}:" + connector + ':' + partition)
                .getBytes(StandardCharsets.UTF_8);
    }
}
