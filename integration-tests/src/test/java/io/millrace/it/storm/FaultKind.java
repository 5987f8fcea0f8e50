package io.millrace.it.storm;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What can go wrong. Faults of one target come one after the other; those of different targets overlap. */
enum FaultKind {
    SOURCE_KILLED(Target.SOURCE, 9, 0, 0),
    SOURCE_KILLED_REPLICA_BEHIND(Target.SOURCE, 3, 100, 600),
    SOURCE_RESTARTED(Target.SOURCE, 6, 0, 0),
    SOURCE_HISTORY_CHANGED(Target.SOURCE, 6, 0, 0),
    SOURCE_LINK_KILLED(Target.SOURCE, 6, 0, 0),
    SOURCE_LINK_CUT(Target.SOURCE_LINK, 6, 0, 1_500),
    SOURCE_LINK_STALLED(Target.SOURCE_LINK, 6, 500, 4_000),
    SOURCE_LINK_SLOW(Target.SOURCE_LINK, 3, 1_000, 5_000),
    BROKER_KILLED(Target.BROKER, 9, 0, 2_000),
    BROKER_PAUSED(Target.BROKER, 6, 500, 6_000),
    BROKER_DOWN_UNDER_LOAD(Target.BROKER, 3, 4_000, 8_000),
    BROKER_DOWN_A_MINUTE(Target.BROKER, 1, 60_000, 60_000),
    SPOOL_DISK_FULL(Target.BROKER, 5, 5_000, 9_000),
    BROKER_LINK_CUT(Target.BROKER_LINK, 3, 0, 1_500),
    BROKER_LINK_STALLED(Target.BROKER_LINK, 3, 500, 5_000),
    BROKER_LINK_SLOW(Target.BROKER_LINK, 3, 1_000, 5_000),
    SOURCE_WORKER_KILLED(Target.WORKERS, 12, 0, 0),
    SINK_WORKER_KILLED(Target.WORKERS, 15, 0, 0),
    SINK_WORKER_PAUSED(Target.WORKERS, 12, 5_000, 9_000),
    WORKER_ADDED_AND_REMOVED(Target.WORKERS, 6, 1_000, 4_000),
    DESTINATION_KILLED(Target.DESTINATION, 12, 0, 500),
    DESTINATION_RESTARTED(Target.DESTINATION, 6, 0, 0),
    DESTINATION_FAILOVER_LOSING_WRITES(Target.DESTINATION, 9, 100, 800),
    DESTINATION_FULL(Target.DESTINATION, 6, 500, 4_000),
    SINK_CONNECTIONS_KILLED(Target.DESTINATION, 6, 0, 0),
    DESTINATION_LINK_CUT(Target.DESTINATION_LINK, 9, 0, 1_000),
    DESTINATION_LINK_STALLED(Target.DESTINATION_LINK, 6, 500, 6_000),
    DESTINATION_LINK_SLOW(Target.DESTINATION_LINK, 3, 1_000, 5_000);

    /** What is broken. */
    enum Target {
        SOURCE,
        SOURCE_LINK,
        BROKER,
        BROKER_LINK,
        WORKERS,
        DESTINATION,
        DESTINATION_LINK
    }

    /** All but what takes minutes. */
    static Set<FaultKind> quick() {
        return EnumSet.complementOf(EnumSet.of(BROKER_DOWN_A_MINUTE));
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
