package io.millrace.it.workload;

/** One argument of a sample, as it stands or to be filled in when the sample runs. */
sealed interface Argument {

    record Literal(byte[] bytes) implements Argument {}

    /** The last reply that was a string. */
    record Reply() implements Argument {}

    /** A moment after the sample runs, as a Unix time. */
    record Moment(boolean inMillis, long later) implements Argument {}

    record PeerHost() implements Argument {}

    record PeerPort() implements Argument {}
}
