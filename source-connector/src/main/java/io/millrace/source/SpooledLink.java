package io.millrace.source;

import io.millrace.source.link.LinkException;
import io.millrace.source.link.ReplicaLink;
import io.millrace.source.link.RespLimits;
import io.millrace.source.link.RespReader;
import io.millrace.source.link.SyncStart;
import io.millrace.source.spool.Spool;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica link that is read as fast as it gives, by a thread of its own, into a spool; the parsers read from there, and
 * meet the link's end behind the last byte that came. All methods belong to the parser's thread.
 */
final class SpooledLink implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SpooledLink.class);
    private static final long STOP_MILLIS = 10_000;

    private final ReplicaLink link;
    private final SyncStart start;
    private final RespLimits limits;
    private final Spool spool;
    private final String threadName;
    private Thread thread;
    private volatile boolean closed;

    /**
     * @param link after its {@link ReplicaLink#sync}; stays the caller's to close
     * @param start what that gave
     */
    SpooledLink(ReplicaLink link, SyncStart start, RespLimits limits, Spool spool, String threadName) {
        this.link = link;
        this.start = start;
        this.limits = limits;
        this.spool = spool;
        this.threadName = threadName;
    }

    /** The RDB of a full resync; waits for it to begin. */
    InputStream snapshot() throws LinkException {
        InputStream rdb = link.snapshot();
        read(rdb);
        return spool;
    }

    /** Bytes of the snapshot, or -1. */
    long snapshotBytes() {
        return link.snapshotBytes();
    }

    /** The commands, after the snapshot where there is one; its reads end with the reason why the link did. */
    RespReader commands() throws IOException {
        if (thread == null) {
            read(null);
        } else {
            spool.nextPart();
        }
        return new RespReader(spool, start.offset(), limits, link::asked);
    }

    /** When what is read now has arrived here, in milliseconds since the epoch. */
    long arrivedAt() {
        return spool.arrivedAt();
    }

    private void read(InputStream rdb) {
        thread = new Thread(() -> fill(rdb), threadName);
        thread.setDaemon(true);
        thread.start();
    }

    private void fill(InputStream rdb) {
        try {
            if (rdb != null) {
                while (spool.take(rdb)) {
                    continue;
                }
                spool.endPart();
            }
            InputStream commands = link.commandBytes();
            while (spool.take(commands)) {
                continue;
            }
            throw new IllegalStateException("the link ended its stream without saying why");
        } catch (IOException | RuntimeException | Error e) {
            // Also for an Error: the parser's side would wait for ever.
            long held = spool.held();
            if (held > 0 && !closed) {
                log.info("{} What came before, {} bytes, is read first.", e.getMessage(), held);
            }
            spool.end(e);
        }
    }

    /** Ends the link and its thread, and drops what was not read. */
    @Override
    public void close() {
        closed = true;
        link.close();
        spool.close();
        if (thread == null) {
            return;
        }
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.debug("The thread {} has not ended yet.", threadName);
        }
    }
}
