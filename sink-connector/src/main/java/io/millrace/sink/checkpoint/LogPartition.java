package io.millrace.sink.checkpoint;

/** A partition of a topic. */
public record LogPartition(String topic, int number) {

    /** For example {@code orders-0}. */
    @Override
    public String toString() {
        return topic + '-' + number;
    }
}
