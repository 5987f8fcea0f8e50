package io.millrace.it.storm;

import java.util.OptionalLong;
import java.util.TreeMap;

/** Notes, on a thread of its own, when the sink was seen to have committed what. */
final class CommitTimes implements AutoCloseable {

    private static final int PAUSE_MILLIS = 300;

    private final KafkaLog log;
    private final TreeMap<Long, Long> seen = new TreeMap<>();
    private final Thread thread;
    private volatile boolean stopping;

    CommitTimes(KafkaLog log) {
        this.log = log;
        this.thread = new Thread(this::run, "commit-times");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                OptionalLong committed = log.committed();
                if (committed.isPresent()) {
                    note(committed.getAsLong());
                }
                Pause.millis(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(long offset) {
        seen.putIfAbsent(offset, System.currentTimeMillis());
    }

    /** When the record of this offset was first seen to be committed, since the epoch; the far future if it was not. */
    synchronized long committedAt(long offset) {
        return seen.tailMap(offset, false).values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The storm was interrupted", e);
        }
    }
}
