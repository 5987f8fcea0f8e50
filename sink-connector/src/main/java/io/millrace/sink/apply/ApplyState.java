package io.millrace.sink.apply;

/** What the thread that applies is doing, in the words that operators see. */
public enum ApplyState {
    RUNNING("running"),
    WAITING_FOR_MEMORY("waiting for memory"),
    SWEEPING("sweeping"),
    RECONNECTING("reconnecting"),
    RETRYING("retrying"),
    FAILED("failed"),
    STOPPED("stopped");

    private final String words;

    ApplyState(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
