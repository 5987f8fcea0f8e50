package io.millrace.it.storm;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The faults of a storm, in order: the same for the same seed.
 *
 * @param seed from which the workload draws its commands, too
 */
record StormPlan(long seed, List<Strike> strikes) {

    /** Between two strikes, whatever becomes of them meanwhile. */
    private static final int SHORTEST_PAUSE_MILLIS = 400;

    private static final int LONGEST_PAUSE_MILLIS = 2_600;

    /**
     * One fault.
     *
     * @param pauseMillis time since the strike before
     * @param millis how long it lasts
     * @param settled whether it waits until changes arrive at the destination again, for a while
     * @param choice decides, by its remainder, which of several servers is struck
     */
    record Strike(FaultKind kind, int pauseMillis, int millis, boolean settled, int choice) {

        @Override
        public String toString() {
            return "after " + pauseMillis + " ms: " + kind + (millis == 0 ? "" : " for " + millis + " ms");
        }
    }

    StormPlan {
        strikes = List.copyOf(strikes);
    }

    /** Whether any key may be given a short time to live, and the source's deletions alone end keys; see {@link CommandMix}. */
    boolean anyExpiry() {
        return seed / 2 % 2 == 1;
    }

    static StormPlan of(long seed, int faults) {
        return of(seed, faults, EnumSet.allOf(FaultKind.class));
    }

    static StormPlan of(long seed, int faults, Set<FaultKind> kinds) {
        Random random = new Random(seed);
        List<FaultKind> drawn = new ArrayList<>();
        // In their order, whatever order the caller's set has.
        for (FaultKind kind : FaultKind.values()) {
            for (int i = 0; kinds.contains(kind) && i < kind.weight(); i++) {
                drawn.add(kind);
            }
        }
        List<Strike> strikes = new ArrayList<>();
        for (int i = 0; i < faults; i++) {
            FaultKind kind = drawn.get(random.nextInt(drawn.size()));
            int pause = between(random, SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
            int millis = between(random, kind.shortestMillis(), kind.longestMillis());
            strikes.add(new Strike(kind, pause, millis, random.nextInt(4) > 0, random.nextInt(Integer.MAX_VALUE)));
        }
        return new StormPlan(seed, strikes);
    }

    private static int between(Random random, int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
