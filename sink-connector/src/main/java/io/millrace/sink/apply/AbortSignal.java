package io.millrace.sink.apply;

/** Asks the thread that applies to leave its window. Thread-safe. */
public final class AbortSignal {

    private boolean raised;

    public synchronized void raise() {
        raised = true;
        notifyAll();
    }

    public synchronized void lower() {
        raised = false;
    }

    public synchronized boolean isRaised() {
        return raised;
    }

    /** Waits unless or until the signal is raised. */
    public synchronized void pause(long millis) throws ApplyAbortedException {
        long end = System.nanoTime() + millis * 1_000_000;
        try {
            for (long left = millis; !raised && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            raised = true;
        }
        check();
    }

    synchronized void check() throws ApplyAbortedException {
        if (raised) {
            throw new ApplyAbortedException();
        }
    }
}
