package io.millrace.source.publish;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which offset Kafka has acknowledged without a gap: the end of the last unit of which every record, and every record
 * before it, is acknowledged. Records are registered in order by the polling thread and acknowledged in any order by
 * others; any thread may ask.
 */
public final class Acknowledgements {

    /** One record on its way, or a stretch of the stream that needs none. */
    static final class Pending {
        private int generation;
        private long offset;
        private boolean done;

        private Pending(int generation, long offset, boolean done) {
            this.generation = generation;
            this.offset = offset;
            this.done = done;
        }
    }

    private final Deque<Pending> pending = new ArrayDeque<>();
    private int generation;
    private long offset;

    /** Starts from a stored position: everything up to there is acknowledged. */
    public synchronized void startAt(int storedGeneration, long storedOffset) {
        generation = storedGeneration;
        offset = storedOffset;
    }

    /**
     * A record is about to be sent.
     *
     * @param unitEnd the offset that is acknowledged with it and all before it; 0 in a snapshot
     */
    synchronized Pending register(int ofGeneration, long unitEnd) {
        Pending entry = new Pending(ofGeneration, unitEnd, false);
        pending.add(entry);
        return entry;
    }

    /** Everything up to the offset is registered or needs no record. */
    synchronized void passed(int ofGeneration, long unitEnd) {
        if (pending.isEmpty()) {
            generation = ofGeneration;
            offset = unitEnd;
            return;
        }
        Pending last = pending.peekLast();
        if (last.done) {
            last.generation = ofGeneration;
            last.offset = unitEnd;
        } else {
            pending.add(new Pending(ofGeneration, unitEnd, true));
        }
    }

    synchronized void acknowledge(Pending entry) {
        entry.done = true;
        while (!pending.isEmpty() && pending.peek().done) {
            Pending first = pending.poll();
            generation = first.generation;
            offset = first.offset;
        }
    }

    /** The acknowledged offset, or 0 while nothing of the generation is acknowledged. */
    public synchronized long acknowledged(int ofGeneration) {
        return generation == ofGeneration ? offset : 0;
    }

    /** Records sent and not acknowledged. */
    public synchronized int inFlight() {
        return pending.size();
    }
}
