package io.millrace.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into a wish to stop that a command can see, and keeps the JVM alive until the command has ended
 * in order, within bounds. The JVM then exits with the signal's own code, 130 or 143.
 *
 * <p>Thread-safe.
 */
public final class StopSignal implements AutoCloseable {
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private StopSignal() {}

    /** @param patience how long the JVM waits for {@link #close()} after the signal */
    public static StopSignal install(Duration patience) {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            signal.wanted.countDown();
                            try {
                                signal.ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "millrace-stop"));
        return signal;
    }

    public boolean isWanted() {
        return wanted.getCount() == 0;
    }

    /** Waits this long, or less when a stop is wanted. */
    public void pause(Duration time) throws InterruptedException {
        boolean stop = wanted.await(time.toMillis(), TimeUnit.MILLISECONDS);
        if (stop) {
            // Whoever paces a loop with this still gets its pace while draining.
            TimeUnit.MILLISECONDS.sleep(Math.min(time.toMillis(), 200));
        }
    }

    /** The command has ended: the JVM may exit. */
    @Override
    public void close() {
        ended.countDown();
    }
}
