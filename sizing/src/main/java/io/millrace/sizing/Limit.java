package io.millrace.sizing;

/** What holds the rate where it is. */
public enum Limit {
    SOURCE_LINK("the link to the source"),
    SOURCE_THREADS("the threads that read the source"),
    CORES("the workers' cores"),
    KAFKA("Kafka"),
    SINK_THREADS("the threads that apply"),
    DESTINATION("the destination"),
    ROUND_TRIP("the round trip to the destination");

    private final String text;

    Limit(String text) {
        this.text = text;
    }

    /** The part, as in "… is the limit". */
    public String text() {
        return text;
    }
}
