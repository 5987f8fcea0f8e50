package io.millrace.sink;

import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.LogPartition;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Between Connect's thread, which puts, and the thread that applies, which takes. What is taken counts until it is applied;
 * so the limits bound everything that is in memory. Thread-safe.
 *
 * <p>While no session is open nothing is accepted. The thread that applies says where reading goes on; from when Connect's
 * thread has heard it, what it puts belongs to that session.
 */
final class Inbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition finished = lock.newCondition();
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private final int maxChanges;
    private final long maxBytes;
    private int changes;
    private long bytes;
    private boolean closed;
    private boolean accepting;
    private Map<LogPartition, Checkpoint> begun;

    /** @param accepting whether something may be put before a session is open */
    Inbox(int maxChanges, long maxBytes, boolean accepting) {
        this.maxChanges = maxChanges;
        this.maxBytes = maxBytes;
        this.accepting = accepting;
    }

    /** A session is open; what partitions have checkpoints for is read from there. */
    void begin(Map<LogPartition, Checkpoint> checkpoints) {
        lock.lock();
        try {
            begun = checkpoints;
            arrived.signal();
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The checkpoints of a session that has begun, once; then everything that is put belongs to it. Null when none has. */
    Map<LogPartition, Checkpoint> takeBegun() {
        lock.lock();
        try {
            Map<LogPartition, Checkpoint> taken = begun;
            if (taken != null) {
                begun = null;
                accepting = true;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The session is over: what waits is dropped, and read again. */
    void halt() {
        lock.lock();
        try {
            begun = null;
            accepting = false;
            waiting.clear();
            changes = 0;
            bytes = 0;
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Drops the record when no session is open: it is then read again. */
    void put(Delivery delivery) {
        lock.lock();
        try {
            if (!accepting) {
                return;
            }
            waiting.add(delivery);
            changes += delivery.ticket().changes();
            bytes += delivery.ticket().bytes();
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is room or the time is over; true when there is. */
    boolean awaitRoom(long millis) throws InterruptedException {
        return await(millis, false);
    }

    /** Waits until everything is applied or the time is over; true when it is. */
    boolean awaitEmpty(long millis) throws InterruptedException {
        return await(millis, true);
    }

    private boolean await(long millis, boolean empty) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (!(empty ? changes == 0 || !accepting : hasRoom())) {
                if (left <= 0 || closed) {
                    return false;
                }
                left = finished.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom() {
        return begun != null || (accepting && changes < maxChanges && bytes < maxBytes);
    }

    /** The next record; null when none has come in that time, or when the inbox is closed. */
    Delivery take(long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (left > 0 && waiting.isEmpty() && !closed) {
                left = arrived.awaitNanos(left);
            }
            return closed ? null : waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    /** These changes are applied, or wait with an open transaction or value that other records complete. */
    void finished(int doneChanges, long doneBytes) {
        lock.lock();
        try {
            changes -= doneChanges;
            bytes -= doneBytes;
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody; nothing is taken any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
            finished.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    int changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
