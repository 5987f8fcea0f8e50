package io.millrace.source.spool;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The spools of a shard, one for each connection, and what is told of them. Thread-safe. */
public final class Spools implements SpoolEvents {

    private static final Logger log = LoggerFactory.getLogger(Spools.class);

    private final String place;
    private final Path directory;
    private final long memoryBytes;
    private final long maxBytes;
    private final InstantSource clock;
    private final AtomicLong timesFull = new AtomicLong();
    private volatile boolean full;
    private volatile String diskTrouble = "";
    private volatile Spool current;

    /**
     * @param place the source's address, for messages
     * @param memoryBytes what each may hold in memory
     * @param maxBytes what each may hold in files beside that; 0 for no files
     */
    public Spools(String place, Path directory, long memoryBytes, long maxBytes, InstantSource clock) {
        this.place = place;
        this.directory = directory;
        this.memoryBytes = memoryBytes;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** Tries the directory, so that a wrong one is known before it is needed. */
    public void check() {
        if (maxBytes > 0) {
            SpoolDirectory.fault(directory).ifPresent(this::disk);
        }
    }

    /** An empty spool for a new connection; the one before is closed. */
    public Spool open() {
        full = false;
        Spool opened =
                new Spool(memoryBytes, new SpoolFiles(directory, maxBytes, this::disk, System::nanoTime), this, clock);
        current = opened;
        return opened;
    }

    @Override
    public void full(long heldBytes) {
        full = true;
        timesFull.incrementAndGet();
        log.warn(
                "The spool of {} is full: {} bytes wait for Kafka (spool.memory.bytes, spool.max.bytes). Nothing more is"
                        + " read from the source until there is room; the source keeps the rest in its output buffer for"
                        + " replicas.",
                place,
                heldBytes);
    }

    @Override
    public void roomAgain() {
        full = false;
        log.info("The spool of {} has room again.", place);
    }

    private void disk(String trouble) {
        diskTrouble = trouble;
        if (trouble.isEmpty()) {
            log.info("The spool of {} writes to {} again.", place, directory);
        } else {
            log.warn(
                    "{} What waits for Kafka stays in memory, up to spool.memory.bytes; beyond that the source keeps it in"
                            + " its output buffer for replicas. The directory is tried again when it is needed.",
                    trouble);
        }
    }

    /** Whether the link waits for room. */
    public boolean isFull() {
        return full;
    }

    /** Since the task started. */
    public long timesFull() {
        return timesFull.get();
    }

    public long bytesInMemory() {
        Spool spool = current;
        return spool == null ? 0 : Math.max(0, spool.held() - spool.heldOnDisk());
    }

    public long bytesOnDisk() {
        Spool spool = current;
        return spool == null ? 0 : spool.heldOnDisk();
    }

    /** Why the directory is not written to, or empty. */
    public String diskTrouble() {
        return diskTrouble;
    }
}
