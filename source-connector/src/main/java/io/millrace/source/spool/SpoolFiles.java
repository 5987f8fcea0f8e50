package io.millrace.source.spool;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool's part on disk: a queue of bytes in files of bounded size, each of which is given back as soon as it is read. A
 * disk that takes nothing is left alone for a while and tried again; what it had taken stays readable.
 *
 * <p>One thread appends, one reads, any may ask. The files are used outside of the lock.
 */
final class SpoolFiles implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpoolFiles.class);

    private static final long LARGEST_SEGMENT = 64L * 1024 * 1024;
    private static final int SEGMENTS = 8;
    private static final int MOST_SEGMENTS = 128;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Path directory;
    private final long maxBytes;
    private final long segmentBytes;
    private final Consumer<String> onTrouble;
    private final LongSupplier nanoTime;

    // All below are guarded by this.
    private final Deque<Counted> segments = new ArrayDeque<>();
    private long pending;
    private long used;
    private boolean broken;
    private long brokenSince;
    private boolean closed;

    /** A segment and what of it is written and read; the segment's own counts belong to its threads. */
    private static final class Counted {
        private final Segment segment;
        private long written;
        private long read;
        private boolean complete;

        private Counted(Segment segment) {
            this.segment = segment;
        }

        private boolean isDone() {
            return complete && read == written;
        }
    }

    /**
     * @param maxBytes what the files may hold together; 0 for no files
     * @param onTrouble told in one sentence when the disk takes nothing, and "" when it does again
     */
    SpoolFiles(Path directory, long maxBytes, Consumer<String> onTrouble, LongSupplier nanoTime) {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.segmentBytes = Math.max(Math.min(maxBytes / SEGMENTS, LARGEST_SEGMENT), maxBytes / MOST_SEGMENTS);
        this.onTrouble = onTrouble;
        this.nanoTime = nanoTime;
    }

    /** Bytes that are written and not read. */
    synchronized long pending() {
        return pending;
    }

    synchronized boolean hasRoom() {
        return used < maxBytes && waitNanos() == 0;
    }

    /** How long a disk that took nothing is to be left alone from now on, or 0. */
    synchronized long waitNanos() {
        return broken ? Math.max(0, brokenSince + PAUSE_NANOS - nanoTime.getAsLong()) : 0;
    }

    /** Takes some of the bytes and says how many; none if there is no room or the disk is at fault, which is told. */
    int append(byte[] bytes, int offset, int length) {
        try {
            Counted last = writable();
            if (last == null) {
                return 0;
            }
            int wanted = (int) Math.min(length, room(last));
            int count = last.segment.write(bytes, offset, wanted);
            written(last, count);
            if (count == 0) {
                throw new IOException("it takes no bytes");
            }
            return count;
        } catch (IOException e) {
            broke(e);
            return 0;
        }
    }

    /** The segment to write to, a new one if need be; null if there is no room. */
    private Counted writable() throws IOException {
        synchronized (this) {
            Counted last = segments.peekLast();
            if (used >= maxBytes || closed) {
                return null;
            }
            if (last != null && !last.complete) {
                return last;
            }
        }
        Counted fresh = new Counted(Segment.in(directory));
        synchronized (this) {
            if (closed) {
                close(fresh);
                return null;
            }
            segments.add(fresh);
            return fresh;
        }
    }

    private synchronized long room(Counted segment) {
        return Math.min(maxBytes - used, segmentBytes - segment.written);
    }

    private synchronized void written(Counted segment, int count) {
        segment.written += count;
        pending += count;
        used += count;
        segment.complete = segment.written >= segmentBytes;
        if (broken && count > 0) {
            broken = false;
            onTrouble.accept("");
        }
    }

    private void broke(IOException e) {
        synchronized (this) {
            if (closed) {
                return;
            }
            boolean known = broken;
            broken = true;
            brokenSince = nanoTime.getAsLong();
            // An interrupt of the parser's thread, which is the end of the task, closes the file that it reads.
            if (known || e instanceof ClosedChannelException) {
                log.debug("The spool's directory {} takes nothing.", directory, e);
                return;
            }
        }
        onTrouble.accept("The spool cannot write to " + directory + " ("
                + e.getClass().getSimpleName() + ": " + e.getMessage() + ").");
    }

    /**
     * Some of the pending bytes, at least one.
     *
     * @throws SpoolException if they cannot be read
     */
    int read(byte[] target, int offset, int length) throws SpoolException {
        Counted first;
        int wanted;
        synchronized (this) {
            first = segments.getFirst();
            while (first.isDone()) {
                drop(segments.removeFirst());
                first = segments.getFirst();
            }
            wanted = (int) Math.min(length, first.written - first.read);
        }
        int count;
        try {
            count = first.segment.read(target, offset, wanted);
        } catch (IOException e) {
            throw new SpoolException(
                    "A file of the spool in " + directory + " cannot be read ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "): what it held is asked of the source again.",
                    e);
        }
        synchronized (this) {
            first.read += count;
            pending -= count;
            if (first.isDone()) {
                drop(segments.removeFirst());
            }
        }
        return count;
    }

    /** Gives back the last file when all is read. Called by the thread that appends. */
    synchronized void giveBack() {
        if (pending == 0) {
            while (!segments.isEmpty()) {
                drop(segments.removeFirst());
            }
        }
    }

    private void drop(Counted segment) {
        used -= segment.written;
        close(segment);
    }

    private void close(Counted segment) {
        try {
            segment.segment.close();
        } catch (IOException e) {
            log.warn("A file of the spool in {} could not be closed.", directory, e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        segments.forEach(this::close);
        segments.clear();
        pending = 0;
        used = 0;
    }
}
