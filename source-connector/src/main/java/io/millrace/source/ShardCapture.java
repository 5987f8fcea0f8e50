package io.millrace.source;

import io.millrace.slot.SlotSet;
import io.millrace.source.cluster.Capture;
import io.millrace.source.cluster.Release;
import io.millrace.source.cluster.SlotGate;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * A shard of a cluster as the readers of the others see it. Any thread.
 *
 * @param currentGeneration of the reader
 * @param acknowledgedOffset what Kafka has, as the source may hear it
 * @param done whether the shard was removed and is read no more
 */
record ShardCapture(
        String shard,
        SlotGate gate,
        IntSupplier currentGeneration,
        LongSupplier acknowledgedOffset,
        BooleanSupplier done)
        implements Capture {

    @Override
    public int generation() {
        return currentGeneration.getAsInt();
    }

    @Override
    public long acknowledged() {
        return acknowledgedOffset.getAsLong();
    }

    @Override
    public boolean isDone() {
        return done.getAsBoolean();
    }

    @Override
    public boolean has(int slot) {
        return gate.has(slot);
    }

    @Override
    public SlotSet lasting() {
        return gate.lasting();
    }

    @Override
    public void lose(Release release) {
        gate.lose(release);
    }
}
