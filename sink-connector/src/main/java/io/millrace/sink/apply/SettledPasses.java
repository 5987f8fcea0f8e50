package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Says when something that was done at every master has reached every key of a cluster, although keys move between nodes.
 *
 * <p>A pass over all masters counts only if the slots lived where they live during the whole pass; else there is another.
 * Where a slot is being moved, its keys go from one node to one other: what a first pass has missed because it was on the
 * way, a second finds where it arrived.
 */
final class SettledPasses {

    private int settled;

    /**
     * Notes a pass.
     *
     * @param before the layout that the pass began with; null for a standalone server
     * @param after the layout that was read after it
     * @param moving whether a slot was on its way
     * @return whether it was the last
     */
    boolean isLast(ClusterLayout before, ClusterLayout after, boolean moving) {
        if (!sameMasters(before, after)) {
            settled = 0;
            return false;
        }
        settled++;
        return !moving || settled > 1;
    }

    /** Nobody knows what the pass has reached. */
    void failed() {
        settled = 0;
    }

    /**
     * Whether a node has slots on their way. It lists them beside its own: [93->-id] or [93-<-id] (cluster_legacy.c).
     *
     * @param nodes its reply to CLUSTER NODES
     */
    static boolean hasOpenSlots(byte[] nodes) {
        return new String(nodes, StandardCharsets.UTF_8)
                .lines()
                .anyMatch(line -> line.contains("myself") && (line.contains("->-") || line.contains("-<-")));
    }

    private static boolean sameMasters(ClusterLayout before, ClusterLayout after) {
        if (before == null) {
            return true;
        }
        for (int slot = 0; slot < HashSlot.COUNT; slot++) {
            if (!Objects.equals(before.master(slot), after.master(slot))) {
                return false;
            }
        }
        return before.epoch() == after.epoch() && List.copyOf(before.masters()).equals(List.copyOf(after.masters()));
    }
}
