package io.millrace.source.publish;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue between the thread that reads the link and the thread that polls, bounded by count and by bytes. It also
 * carries the reader's failure, which is thrown to the poller after all that was read before it.
 */
public final class ChangeQueue implements AutoCloseable {

    private final int maxChanges;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition plenty = lock.newCondition();
    private final Deque<Run> runs = new ArrayDeque<>();
    private int changes;
    private long bytes;
    private RuntimeException failure;
    private boolean closed;
    private boolean full;

    /** How many changes {@link #gather} waits for. */
    private int gathering = Integer.MAX_VALUE;

    public ChangeQueue(int maxChanges, long maxBytes) {
        this.maxChanges = maxChanges;
        this.maxBytes = maxBytes;
    }

    /** Waits for room. A run larger than the whole queue is let in when the queue is empty. */
    void put(Run run) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && !runs.isEmpty() && (changes >= maxChanges || bytes + run.bytes() > maxBytes)) {
                full = true;
                plenty.signal();
                room.await();
            }
            if (closed) {
                throw new InterruptedException("the queue is closed");
            }
            runs.add(run);
            changes += run.changes().size();
            bytes += run.bytes();
            work.signal();
            if (changes >= gathering) {
                plenty.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets changes gather for that long, but not longer than until there are so many, or no room for more. */
    void gather(int enough, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            gathering = enough;
            while (left > 0 && changes < enough && !full && failure == null && !closed) {
                left = plenty.awaitNanos(left);
            }
        } finally {
            gathering = Integer.MAX_VALUE;
            lock.unlock();
        }
    }

    /** Nothing more comes, for this reason. */
    public void fail(RuntimeException reason) {
        lock.lock();
        try {
            failure = reason;
            work.signalAll();
            plenty.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next run, or null if none came in time.
     *
     * @throws RuntimeException the reader's failure, when all that was read before it is taken
     */
    Run take(long timeoutMillis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        lock.lockInterruptibly();
        try {
            while (runs.isEmpty()) {
                if (failure != null) {
                    throw failure;
                }
                if (closed || left <= 0) {
                    return null;
                }
                left = work.awaitNanos(left);
            }
            return remove();
        } finally {
            lock.unlock();
        }
    }

    /** The next run if there is one; never waits and never fails. */
    Run takeNow() {
        lock.lock();
        try {
            return runs.isEmpty() ? null : remove();
        } finally {
            lock.unlock();
        }
    }

    private Run remove() {
        Run run = runs.poll();
        changes -= run.changes().size();
        bytes -= run.bytes();
        full = false;
        room.signal();
        return run;
    }

    public int changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes both sides: nothing is put any more, and nothing is waited for. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            work.signalAll();
            plenty.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
