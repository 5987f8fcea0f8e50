package io.millrace.source;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks the source now and then how far it is, so that the status shows what is still to be read while the reader waits for
 * Kafka; and lets the reader see whether it reads from the right server. Runs on a thread of its own; {@link #close} may be called by any.
 */
final class SourceProbe implements Runnable, AutoCloseable {

    private static final long INTERVAL_MILLIS = 2_000;

    private static final int PLACE_EVERY = 5;

    private final SourceInquiry inquiry;
    private final SourceStatus status;
    private final Runnable checkPlace;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** @param checkPlace called every ten seconds */
    SourceProbe(SourceInquiry inquiry, SourceStatus status, Runnable checkPlace) {
        this.checkPlace = checkPlace;
        this.inquiry = inquiry;
        this.status = status;
    }

    @Override
    public void run() {
        int round = 0;
        try {
            while (!stop.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                String history = status.getReplicationId();
                if (!history.isEmpty()) {
                    inquiry.offset(history).ifPresent(status::sourceSaid);
                }
                if (++round % PLACE_EVERY == 0) {
                    checkPlace.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop.countDown();
    }
}
