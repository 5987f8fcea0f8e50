package io.millrace.benchmarks.table;

import java.io.IOException;
import java.util.Optional;

/** What copies a source and follows it, from when it is made until it is closed. */
public interface Contender extends AutoCloseable {

    boolean isNative();

    /** What its process has used so far; empty where it has none of its own. */
    Optional<ProcessReading> reading() throws IOException;

    /** @throws BenchmarkFailure when it has ended by itself */
    void requireAlive();

    @Override
    void close() throws IOException, InterruptedException;
}
