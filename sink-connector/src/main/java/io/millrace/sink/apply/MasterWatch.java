package io.millrace.sink.apply;

import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.failure.RedisFailureException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks sentinels now and then whether a session still writes to their master, on a thread of its own. A master that was
 * replaced may stay reachable, and what it has acknowledged since is lost with it: whoever has nothing to write for the
 * moment would not notice.
 */
final class MasterWatch implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MasterWatch.class);
    private static final long EVERY_MILLIS = 3_000;

    private final NodeConnector connector;
    private final Address master;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean replaced;

    /** @param master whom the session writes to */
    MasterWatch(NodeConnector connector, Address master) {
        this.connector = connector;
        this.master = master;
    }

    MasterWatch start() {
        Thread thread = new Thread(this, "millrace-sentinels-" + master);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Whether the sentinels have named another master, which says so of itself. */
    boolean isReplaced() {
        return replaced;
    }

    @Override
    public void run() {
        try {
            while (!replaced && !stop.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                replaced = isElsewhere();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isElsewhere() {
        try {
            return !connector.server().equals(master);
        } catch (RedisFailureException e) {
            LOG.debug("The sentinels do not say where the master is now.", e);
            return false;
        }
    }

    /** Does not wait for the thread, which ends after its question at hand. */
    @Override
    public void close() {
        stop.countDown();
    }
}
