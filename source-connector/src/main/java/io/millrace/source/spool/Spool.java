package io.millrace.source.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of one connection on their way from the link to the parsers: in memory up to a bound, then in files up to
 * another, and when both are full the link waits. Bytes come out in the order in which they went in, and after the last of
 * them the reason why no more came.
 *
 * <p>Bytes go to the files only while memory is full or files hold some already, so that what is in memory is always older.
 * Memory that is handed over is not copied: the link reads into the chunk that the parser reads from.
 *
 * <p>{@link #take}, {@link #endPart} and {@link #end} belong to the link's thread, {@link #read}, {@link #nextPart} and
 * {@link #arrivedAt} to the parser's. {@link #close} may be called by any.
 */
public final class Spool extends InputStream {

    private static final int SPARE = 4;

    /** What {@link #find} says when the bytes lie in memory; above zero they are copied from a file already. */
    private static final int IN_MEMORY = 0;

    private static final int END_OF_PART = -1;

    private final SpoolFiles files;
    private final SpoolEvents events;
    private final InstantSource clock;
    private final int maxChunks;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition data = lock.newCondition();
    private final Condition room = lock.newCondition();

    /** The link's: where it reads to. Among {@link #chunks} once something of it is published. */
    private Chunk tail = new Chunk();

    // The parser's: where it stands in the first of the chunks, and up to where it may go on without the lock.
    private Chunk head;
    private int at;
    private int limit;
    private long taken;
    private long arrived;

    // Guarded by the lock.
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final Deque<Chunk> spares = new ArrayDeque<>();
    private final Arrivals arrivals = new Arrivals();
    private long boundary = Long.MAX_VALUE;
    private boolean parserWaits;
    private boolean full;
    private long heldWhenFull;
    private Throwable failure;
    private boolean closed;

    /** Bytes that came in. Written under the lock. */
    private volatile long appended;

    /** Bytes that the parser is done with, as far as it has said. Written under the lock. */
    private volatile long given;

    Spool(long memoryBytes, SpoolFiles files, SpoolEvents events, InstantSource clock) {
        this.maxChunks = (int) Math.max(1, Math.min(Integer.MAX_VALUE, memoryBytes / Chunk.SIZE));
        this.files = files;
        this.events = events;
        this.clock = clock;
        this.arrived = clock.millis();
    }

    /**
     * Reads once from the link and keeps what it gave; waits while memory and files are full.
     *
     * @return false if the link has come to its end
     * @throws InterruptedIOException if the spool is closed
     */
    public boolean take(InputStream link) throws IOException {
        Chunk chunk = tail;
        int from = chunk.filled;
        int count = link.read(chunk.bytes, from, Chunk.SIZE - from);
        if (count < 0) {
            return false;
        }
        int kept = from;
        while (kept < from + count) {
            kept += keep(chunk, kept, from + count);
        }
        return true;
    }

    /** Puts some of these bytes of the tail where they belong. */
    private int keep(Chunk chunk, int from, int to) throws IOException {
        lock.lock();
        try {
            awaitRoom(chunk);
            if (closed) {
                throw new InterruptedIOException("the spool is closed");
            }
            if (fitsIntoMemory(chunk)) {
                publish(chunk, from, to);
                return to - from;
            }
        } finally {
            lock.unlock();
        }
        int count = files.append(chunk.bytes, from, to - from);
        lock.lock();
        try {
            arrived(count);
            return count;
        } finally {
            lock.unlock();
        }
    }

    private boolean fitsIntoMemory(Chunk chunk) {
        return files.pending() == 0 && (chunk.filled > 0 || chunks.size() < maxChunks);
    }

    private void publish(Chunk chunk, int from, int to) {
        files.giveBack();
        if (chunk.filled == 0) {
            if (from > 0) {
                // A file took the first of these bytes, and nothing more.
                System.arraycopy(chunk.bytes, from, chunk.bytes, 0, to - from);
            }
            chunks.add(chunk);
        }
        chunk.filled += to - from;
        if (chunk.isFull()) {
            tail = spares.isEmpty() ? new Chunk() : spares.pop();
        }
        arrived(to - from);
    }

    private void arrived(int count) {
        if (count > 0) {
            long now = appended + count;
            appended = now;
            arrivals.add(now, clock.millis());
        }
        if (parserWaits) {
            data.signal();
        }
    }

    private void awaitRoom(Chunk chunk) throws InterruptedIOException {
        try {
            while (!fitsIntoMemory(chunk) && !files.hasRoom() && !closed) {
                if (!full) {
                    full = true;
                    heldWhenFull = held();
                    events.full(heldWhenFull);
                }
                long nanos = files.waitNanos();
                if (nanos <= 0) {
                    room.await();
                } else if (room.awaitNanos(nanos) <= 0) {
                    // The disk has had its pause: it is tried again.
                    continue;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the spool was full");
        }
    }

    /** What came in until now is the first part of two; {@link #nextPart} leads the parser to the other. */
    public void endPart() {
        lock.lock();
        try {
            boundary = appended;
            data.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes, for this reason: the parser meets it behind the last byte. */
    public void end(Throwable cause) {
        lock.lock();
        try {
            failure = cause;
            data.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * The next bytes of the part; waits for one.
     *
     * @throws IOException why the link ended, or {@link SpoolException} if a file cannot be read
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == limit) {
            int count = find(target, offset, length);
            if (count != IN_MEMORY) {
                return count;
            }
        }
        int count = Math.min(length, limit - at);
        System.arraycopy(head.bytes, at, target, offset, count);
        at += count;
        taken += count;
        return count;
    }

    /** Moves the limit, or copies from a file, or waits until one of them can be done. */
    private int find(byte[] target, int offset, int length) throws IOException {
        int wanted;
        lock.lock();
        try {
            gave();
            awaitData();
            if (taken == boundary) {
                return END_OF_PART;
            }
            if (closed) {
                throw new InterruptedIOException("the spool is closed");
            }
            if (appended <= taken) {
                throw failure();
            }
            arrived = arrivals.of(taken);
            if (inMemory()) {
                return IN_MEMORY;
            }
            wanted = (int) Math.min(length, Math.min(boundary, appended) - taken);
        } finally {
            lock.unlock();
        }
        int count = files.read(target, offset, wanted);
        taken += count;
        return count;
    }

    /** Whether the next bytes lie in memory; the limit stands behind them then. */
    private boolean inMemory() {
        if (head == null) {
            head = chunks.peek();
        }
        if (head == null || head.filled == at) {
            return false;
        }
        limit = (int) Math.min(head.filled, at + (boundary - taken));
        return true;
    }

    /** Tells the link's side what is read, and gives back the chunk if all of it is. */
    private void gave() {
        given = taken;
        if (at == Chunk.SIZE) {
            Chunk done = chunks.remove();
            if (spares.size() < SPARE) {
                done.filled = 0;
                spares.push(done);
            }
            head = null;
            at = 0;
            limit = 0;
        }
        if (full) {
            if (held() <= heldWhenFull / 2) {
                full = false;
                events.roomAgain();
            }
            room.signal();
        }
    }

    private void awaitData() throws InterruptedIOException {
        parserWaits = true;
        try {
            while (appended <= taken && taken != boundary && failure == null && !closed) {
                data.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the source sent nothing");
        } finally {
            parserWaits = false;
        }
    }

    private IOException failure() {
        if (failure instanceof IOException known) {
            return known;
        }
        throw new IllegalStateException("The link's thread has ended with an error that it does not know.", failure);
    }

    /** Bytes that can be read without waiting. */
    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, appended - taken);
    }

    /**
     * Goes on behind what {@link #endPart} has ended.
     *
     * @throws IllegalStateException if the first part has not been read to its end
     */
    public void nextPart() throws IOException {
        if (read() >= 0) {
            throw new IllegalStateException("the first part is not read to its end");
        }
        lock.lock();
        try {
            boundary = Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    /** When what was read last has arrived here, in milliseconds since the epoch. */
    public long arrivedAt() {
        return arrived;
    }

    /** Bytes that wait. Any thread. */
    public long held() {
        return appended - given;
    }

    /** Bytes of them that wait in files. Any thread. */
    public long heldOnDisk() {
        return files.pending();
    }

    /** Ends both sides, and gives back memory and files. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            given = appended;
            data.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        files.close();
    }
}
