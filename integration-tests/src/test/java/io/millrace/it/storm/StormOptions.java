package io.millrace.it.storm;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How storms are run.
 *
 * @param seed of the first storm; each further one has the next number
 * @param faults in each storm
 * @param rate commands a second at the source
 * @param exactlyOnce see {@link ConnectWorkers}
 * @param report where the figures are written as JSON, or null
 * @param directory where the processes of a storm keep their files and logs
 * @param kinds the faults that are drawn
 * @param sink settings of the sink connector beside those that a storm needs
 */
record StormOptions(
        long seed,
        int storms,
        int faults,
        Set<DestinationKind> destinations,
        int rate,
        boolean exactlyOnce,
        Path report,
        Path directory,
        Set<FaultKind> kinds,
        Map<String, String> sink) {

    /** Where the sink writes. */
    enum DestinationKind {
        STANDALONE,
        CLUSTER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final int FAULTS = 20;
    static final int RATE = 2_000;

    StormOptions {
        destinations = EnumSet.copyOf(destinations);
        kinds = EnumSet.copyOf(kinds);
        sink = Map.copyOf(sink);
    }

    static StormOptions of(long seed, int faults, DestinationKind destination, Path directory) {
        return new StormOptions(
                seed, 1, faults, Set.of(destination), RATE, false, null, directory, FaultKind.quick(), Map.of());
    }

    /** The destination of the n-th storm, counted from 0: they take turns. */
    DestinationKind destination(int n) {
        return destinations.stream().skip(n % destinations.size()).findFirst().orElseThrow();
    }
}
