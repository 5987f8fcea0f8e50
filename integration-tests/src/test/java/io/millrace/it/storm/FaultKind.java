package io.millrace.it.storm;

import java.util.Locale;

/** What can go wrong. Faults of one target come one after the other; those of different targets overlap. */
enum FaultKind {
    SOURCE_KILLED(Target.SOURCE, 3, 0, 0),
    SOURCE_KILLED_REPLICA_BEHIND(Target.SOURCE, 1, 100, 600),
    SOURCE_RESTARTED(Target.SOURCE, 2, 0, 0),
    SOURCE_HISTORY_CHANGED(Target.SOURCE, 2, 0, 0),
    SOURCE_LINK_KILLED(Target.SOURCE, 2, 0, 0),
    SOURCE_LINK_CUT(Target.SOURCE_LINK, 2, 0, 1_500),
    SOURCE_LINK_STALLED(Target.SOURCE_LINK, 2, 500, 4_000),
    SOURCE_LINK_SLOW(Target.SOURCE_LINK, 1, 1_000, 5_000),
    BROKER_KILLED(Target.BROKER, 3, 0, 2_000),
    BROKER_PAUSED(Target.BROKER, 2, 500, 6_000),
    BROKER_DOWN_UNDER_LOAD(Target.BROKER, 1, 4_000, 8_000),
    SOURCE_WORKER_KILLED(Target.WORKERS, 4, 0, 0),
    SINK_WORKER_KILLED(Target.WORKERS, 5, 0, 0),
    SINK_WORKER_PAUSED(Target.WORKERS, 4, 5_000, 9_000),
    WORKER_ADDED_AND_REMOVED(Target.WORKERS, 2, 1_000, 4_000),
    DESTINATION_KILLED(Target.DESTINATION, 4, 0, 500),
    DESTINATION_RESTARTED(Target.DESTINATION, 2, 0, 0),
    DESTINATION_FAILOVER_LOSING_WRITES(Target.DESTINATION, 3, 100, 800),
    DESTINATION_FULL(Target.DESTINATION, 2, 500, 4_000),
    SINK_CONNECTIONS_KILLED(Target.DESTINATION, 2, 0, 0),
    DESTINATION_LINK_CUT(Target.DESTINATION_LINK, 3, 0, 1_000),
    DESTINATION_LINK_STALLED(Target.DESTINATION_LINK, 2, 500, 6_000),
    DESTINATION_LINK_SLOW(Target.DESTINATION_LINK, 1, 1_000, 5_000);

    /** What is broken. */
    enum Target {
        SOURCE,
        SOURCE_LINK,
        BROKER,
        WORKERS,
        DESTINATION,
        DESTINATION_LINK
    }

    private final Target target;
    private final int weight;
    private final int shortestMillis;
    private final int longestMillis;

    FaultKind(Target target, int weight, int shortestMillis, int longestMillis) {
        this.target = target;
        this.weight = weight;
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
    }

    Target target() {
        return target;
    }

    /** How often it is drawn, in relation to the others. */
    int weight() {
        return weight;
    }

    /** The shortest time until what is broken is mended. */
    int shortestMillis() {
        return shortestMillis;
    }

    int longestMillis() {
        return longestMillis;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
