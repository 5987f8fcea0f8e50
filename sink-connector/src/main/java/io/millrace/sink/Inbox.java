package io.millrace.sink;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Between Connect's thread, which puts, and the thread that applies, which takes. What is taken counts until it is applied;
 * so the limits bound everything that is in memory. Thread-safe.
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

    Inbox(int maxChanges, long maxBytes) {
        this.maxChanges = maxChanges;
        this.maxBytes = maxBytes;
    }

    void put(Delivery delivery) {
        lock.lock();
        try {
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
            while (!(empty ? changes == 0 : hasRoom())) {
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
        return changes < maxChanges && bytes < maxBytes;
    }

    /** The next record, null when there is none and either nothing should be waited for or the inbox is closed. */
    Delivery take(boolean wait) throws InterruptedException {
        lock.lock();
        try {
            while (wait && waiting.isEmpty() && !closed) {
                arrived.await();
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
