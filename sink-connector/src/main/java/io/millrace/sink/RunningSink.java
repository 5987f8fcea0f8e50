package io.millrace.sink;

import io.millrace.sink.apply.AbortSignal;
import io.millrace.sink.apply.AtLeastOnce;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.config.SinkSettings;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink at work on the partitions of one assignment. Connect's thread calls it; one thread of its own plans and applies.
 * What is not applied when it closes is delivered again to the next one.
 */
final class RunningSink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSink.class);
    private static final long CLOSE_MILLIS = 15_000;
    private static final long GRACE_MILLIS = 3_000;

    private final Inbox inbox;
    private final OffsetLedger ledger = new OffsetLedger();
    private final AbortSignal abort = new AbortSignal();
    private final ApplyLoop loop;
    private final Thread thread;

    private RunningSink(SinkSettings settings, Refusals refusals, SinkStatus status) {
        this.inbox =
                new Inbox(settings.batch().bufferChanges(), settings.batch().bufferBytes());
        status.watch(inbox);
        this.loop = new ApplyLoop(settings, inbox, ledger, refusals, new AtLeastOnce(), status, abort);
        this.thread = new Thread(loop, "millrace-sink-" + settings.connector() + "-" + settings.task());
        this.thread.setDaemon(true);
    }

    static RunningSink start(SinkSettings settings, Refusals refusals, SinkStatus status) {
        RunningSink sink = new RunningSink(settings, refusals, status);
        sink.thread.start();
        return sink;
    }

    /** Takes a record. It does not wait: see {@link #awaitRoom}. */
    void put(Delivery delivery) {
        if (ledger.accept(delivery.ticket())) {
            inbox.put(delivery);
        }
    }

    /** Waits until more can be taken or the time is over; true when it can. */
    boolean awaitRoom(long millis) throws InterruptedException {
        return inbox.awaitRoom(millis);
    }

    /** Waits until everything taken is applied or the time is over. */
    boolean awaitApplied(long millis) throws InterruptedException {
        return inbox.awaitEmpty(millis);
    }

    /** Why it cannot go on; null while it can. */
    SinkFailure failure() {
        return loop.failure();
    }

    Map<TopicPartition, Long> committable() {
        return ledger.committable();
    }

    /** Where the partitions must be read from again if this sink ends now. */
    Map<TopicPartition, Long> resumePoints() {
        return ledger.resumePoints();
    }

    /** Ends at once; when it returns, nothing more is sent. What was in flight may or may not have been applied. */
    @Override
    public void close() {
        inbox.close();
        abort.raise();
        try {
            thread.join(GRACE_MILLIS);
            loop.cut();
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn(
                    "The destination has not answered for {} s while the task stops. Commands sent to it before may still be"
                            + " applied.",
                    TimeUnit.MILLISECONDS.toSeconds(CLOSE_MILLIS));
        }
    }
}
