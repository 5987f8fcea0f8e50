package io.millrace.source.publish;

import io.millrace.change.Change;
import io.millrace.source.assemble.ChangeOutput;
import io.millrace.source.assemble.ChangeSize;
import java.util.ArrayList;
import java.util.List;

/**
 * The reader's side of the queue: gathers changes into runs, so that the two threads meet once a run. The reader calls
 * {@link #flush} whenever the wire has nothing more to give.
 *
 * <p>Owned by the parser's thread.
 */
public final class RunWriter implements ChangeOutput {

    private static final int RUN_CHANGES = 256;
    private static final long RUN_BYTES = 256 * 1024;

    /** What a change costs on the heap beside its bytes. */
    private static final int HEAP_PER_CHANGE = 200;

    /** Stands for an offset in the middle of a unit, or before the end of a snapshot. */
    public static final long UNKNOWN = -1;

    private final ChangeQueue queue;
    private final int lane;
    private List<Change> changes = new ArrayList<>(RUN_CHANGES);
    private long bytes;
    private int generation;
    private long passed;

    /** For the only shard of a task. */
    public RunWriter(ChangeQueue queue) {
        this(queue, 0);
    }

    /** @param lane the place of the shard among those of the task, from 0 */
    public RunWriter(ChangeQueue queue, int lane) {
        this.queue = queue;
        this.lane = lane;
    }

    @Override
    public void accept(Change change) throws InterruptedException {
        if (change.origin().generation() != generation) {
            hand(UNKNOWN);
            generation = change.origin().generation();
            passed = UNKNOWN;
        }
        changes.add(change);
        bytes += ChangeSize.of(change) + HEAP_PER_CHANGE;
        if (changes.size() >= RUN_CHANGES || bytes >= RUN_BYTES) {
            hand(UNKNOWN);
        }
    }

    /**
     * Hands over what is gathered.
     *
     * @param unitEnd offset up to which everything was given to this writer or was not to be published, or
     *     {@link #UNKNOWN}
     */
    public void flush(int ofGeneration, long unitEnd) throws InterruptedException {
        if (changes.isEmpty() && ofGeneration == generation && unitEnd == passed) {
            return;
        }
        generation = ofGeneration;
        hand(unitEnd);
        passed = unitEnd;
    }

    private void hand(long unitEnd) throws InterruptedException {
        if (changes.isEmpty() && unitEnd == UNKNOWN) {
            return;
        }
        Run run = new Run(changes, bytes, generation, unitEnd, lane);
        changes = new ArrayList<>(RUN_CHANGES);
        bytes = 0;
        queue.put(run);
    }
}
