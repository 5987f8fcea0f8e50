package io.millrace.it.storm;

/** The time that a fault lasts: here, waiting is the purpose. */
final class Pause {

    private Pause() {}

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The storm was interrupted", e);
        }
    }
}
