package io.millrace.source.link;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sends REPLCONF ACK from a thread of its own: every interval, at once on {@link #now()}, and, after the master asked by
 * GETACK, as soon as the acknowledged offset reaches what it asked for, so that a WAIT there does not sleep for an
 * interval. The ACK is also what starts the command stream after a diskless snapshot, and what keeps the link alive while
 * a slow reader works (replication.c, replconfCommand and replicationCron).
 *
 * <p>The offset comes from the caller's supplier, read on this thread: what the log has, not what was read.
 */
final class Acknowledger implements Runnable, AutoCloseable {

    /** How often the offset is looked at while the master waits for it and nobody says that it moved. */
    private static final long PATIENCE_NANOS = 10_000_000;

    /** The least time between two answers to a master that waits while the offset moves. */
    private static final long SOON_NANOS = 1_000_000;

    private final OutputStream out;
    private final LongSupplier acknowledged;
    private final long intervalNanos;
    private final Consumer<IOException> onFailure;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Thread thread;

    private boolean closed;
    private boolean asked;
    private boolean moved;
    private long wanted = -1;

    /** Whether {@link #wanted} stands for something. Written under the lock. */
    private volatile boolean wanting;

    /** @param onFailure told once, on the acknowledger's thread, when the connection takes no more bytes */
    Acknowledger(
            OutputStream out,
            LongSupplier acknowledged,
            long intervalNanos,
            String name,
            Consumer<IOException> onFailure) {
        this.out = out;
        this.acknowledged = acknowledged;
        this.intervalNanos = intervalNanos;
        this.onFailure = onFailure;
        this.thread = new Thread(this, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Sends an ACK soon. Any thread. */
    void now() {
        lock.lock();
        try {
            asked = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The master asked at this offset: answer at once, and again when the acknowledged offset gets there. Any thread. */
    void asked(long offset) {
        lock.lock();
        try {
            asked = true;
            wanted = offset;
            wanting = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The acknowledged offset may be another: told to the master at once if it has asked. Any thread; costs nothing else. */
    void moved() {
        if (!wanting) {
            return;
        }
        lock.lock();
        try {
            moved = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        long sent = -1;
        long sentAt = System.nanoTime() - intervalNanos;
        try {
            while (true) {
                forgetMoves();
                long offset = Math.max(0, acknowledged.getAsLong());
                boolean due = System.nanoTime() - sentAt >= intervalNanos;
                lock.lock();
                try {
                    if (closed) {
                        return;
                    }
                    due |= asked || (wanted >= 0 && offset > sent);
                    asked = false;
                    wanted = offset >= wanted ? -1 : wanted;
                    wanting = wanted >= 0;
                } finally {
                    lock.unlock();
                }
                if (due) {
                    out.write(RespWriter.ack(offset));
                    out.flush();
                    sent = offset;
                    sentAt = System.nanoTime();
                }
                pause(sentAt);
            }
        } catch (IOException e) {
            onFailure.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            onFailure.accept(new IOException("the acknowledged offset could not be read", e));
        }
    }

    /** Before the offset is read: a move after that is not forgotten. */
    private void forgetMoves() {
        lock.lock();
        try {
            moved = false;
        } finally {
            lock.unlock();
        }
    }

    private void pause(long sentAt) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !asked) {
                long since = System.nanoTime() - sentAt;
                long nap = intervalNanos - since;
                if (wanted >= 0) {
                    nap = Math.min(nap, moved ? SOON_NANOS - since : PATIENCE_NANOS);
                }
                if (nap <= 0 || wake.awaitNanos(nap) <= 0) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops without waiting: a write in progress ends when the socket is closed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
