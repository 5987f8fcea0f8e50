package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;

/** The capture of one shard in this task, as the others see it. All methods may be called by any thread. */
public interface Capture {

    /** The shard's name. */
    String shard();

    /** Counts the full synchronisations; 0 before the first. */
    int generation();

    /** The offset that Kafka has acknowledged in this generation, 0 before the end of its snapshot. */
    long acknowledged();

    /** Whether it reads no more, since the shard is no longer in the cluster. */
    boolean isDone();

    /** The slots whose changes it publishes, less those that it will leave off further on in its stream. */
    SlotSet lasting();

    /** Whether it has, or had in this generation, the slot's changes from the beginning. */
    boolean has(int slot);

    /** From behind the release's offset on its slots are no longer the shard's. */
    void lose(Release release);
}
