package io.millrace.sink.checkpoint;

/** A partition of a topic. */
public record LogPartition(String topic, int number) {

    // Asked several times a change, nearly always about the same instance: the generated methods are slower.
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof LogPartition partition
                        && number == partition.number
                        && topic.equals(partition.topic));
    }

    @Override
    public int hashCode() {
        return 31 * topic.hashCode() + number;
    }

    /** For example {@code orders-0}. */
    @Override
    public String toString() {
        return topic + '-' + number;
    }
}
