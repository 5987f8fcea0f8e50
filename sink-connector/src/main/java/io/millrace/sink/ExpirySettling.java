package io.millrace.sink;

import io.millrace.client.NodeConnector;
import io.millrace.expiry.ExpirySettler;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.config.SinkSettings;
import io.millrace.sink.plan.ExpiryDeferral;
import io.millrace.sink.plan.ExpiryPolicy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives keys back the exact expiries that were put off while the sink was behind, on a thread and connections of its own and
 * with a tenth of its time. It looks through the destination once after each start, for an earlier task may have left some,
 * and again whenever expiries were put off since.
 */
final class ExpirySettling implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExpirySettling.class);

    private static final long LOOK_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 10_000;
    private static final long JOIN_MILLIS = 5_000;

    /** A batch is followed by a rest of nine times its length. */
    private static final int REST = 9;

    private final SinkSettings settings;
    private final ExpiryDeferral expiries;
    private final SinkStatus status;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    ExpirySettling(SinkSettings settings, ExpiryDeferral expiries, SinkStatus status) {
        this.settings = settings;
        this.expiries = expiries;
        this.status = status;
        this.thread = new Thread(this, "millrace-expiries-" + settings.connector() + "-" + settings.task());
        this.thread.setDaemon(true);
    }

    /** Does nothing where the source decides when keys die. */
    void start() {
        if (settings.plan().expiries() == ExpiryPolicy.EXACT) {
            thread.start();
        }
    }

    @Override
    public void run() {
        ExpirySettler settler =
                new ExpirySettler(new NodeConnector(settings.endpoint()), expiries::mayBeSettled, this::rest);
        try {
            long seen = -1;
            boolean again = true;
            while (!stop.await(again ? LOOK_MILLIS : AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                long deferred = expiries.deferred();
                if (!expiries.isLive() || (deferred == seen && settler.left() == 0)) {
                    again = true;
                    continue;
                }
                again = false;
                if (pass(settler)) {
                    seen = deferred;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RedisFailureException e) {
            LOG.warn(
                    "Expiries that were put off are not settled any more: {} It takes SCAN, PEXPIRETIME (PTTL and TIME before"
                            + " 7.0), WATCH, MULTI, PEXPIREAT and INFO. millrace finish settles them, too.",
                    e.getMessage());
        }
    }

    private boolean pass(ExpirySettler settler) throws InterruptedException {
        long before = settler.settled();
        try {
            boolean whole = settler.pass();
            long now = settler.settled();
            status.settled(now - before);
            if (now > before) {
                LOG.info("{} keys have got back their exact expiries.", now - before);
            }
            return whole;
        } catch (RedisFailureException e) {
            if (e.kind() == Kind.PERMISSION) {
                throw e;
            }
            LOG.debug("Settling expiries begins again later.", e);
            return false;
        }
    }

    private boolean rest(long nanos) throws InterruptedException {
        return !stop.await(nanos * REST, TimeUnit.NANOSECONDS) && expiries.isLive();
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
