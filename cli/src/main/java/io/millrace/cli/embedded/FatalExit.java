package io.millrace.cli.embedded;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.utils.Exit;

/**
 * Kafka and Connect end the process when they cannot go on. Here that would leave the terminal without a word, so the
 * first such wish is kept and the thread that has it is ended; the command then says what happened and exits itself.
 *
 * <p>Thread-safe: any thread of Kafka may call in.
 */
final class FatalExit {
    private final CompletableFuture<String> first = new CompletableFuture<>();

    /** Takes over the exits of this JVM's Kafka code. Shutdown hooks of Kafka are dropped: the runner stops it. */
    static FatalExit install() {
        FatalExit fatal = new FatalExit();
        Exit.setExitProcedure(fatal::stop);
        Exit.setHaltProcedure(fatal::stop);
        Exit.setShutdownHookAdder((name, hook) -> {});
        return fatal;
    }

    private void stop(int status, String message) {
        String where = Thread.currentThread().getName();
        first.complete(message == null ? "exit " + status + " in thread " + where : message);
        throw new ThreadEnd(where);
    }

    /** Completes, with what Kafka said, when the broker or the worker wanted to end the process. */
    CompletableFuture<String> first() {
        return first;
    }

    static final class ThreadEnd extends Error {
        private static final long serialVersionUID = 1L;

        ThreadEnd(String thread) {
            super("Kafka asked to end the process in thread " + thread, null, false, false);
        }
    }
}
