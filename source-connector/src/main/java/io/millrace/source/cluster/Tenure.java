package io.millrace.source.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * The time that a slot is a shard's, which the shard's stream has come to: between the releases of it that others made before
 * and the shard's own, if it has given the slot up since.
 *
 * @param before the others' releases that the shard's stream has not been seen to be behind, in their order
 * @param end the shard's own release; null where the shard was not seen to give the slot up behind this time
 * @param now what the shard says of itself, if it has the slot now; else null
 * @param epoch at which the shard had the slot, or 0
 */
record Tenure(List<Release> before, Release end, Sighting now, long epoch) {

    /** Walks the slot's releases from where the shard's stream is. */
    static Tenure follow(SlotHistory.View view, String me, int slot, SlotPast past) {
        List<Release> before = new ArrayList<>();
        boolean skip = past.hasLeft(slot);
        List<Release> releases = view.releases();
        // a release's sequence is its place, from 1
        for (Release release : releases.subList((int) past.seen(slot), releases.size())) {
            if (!release.slots().contains(slot)) {
                continue;
            }
            if (!release.shard().equals(me)) {
                before.add(release);
            } else if (skip) {
                skip = false;
                before.clear();
            } else {
                return new Tenure(before, release, null, release.epoch());
            }
        }
        Sighting now = view.sightings().get(me);
        return now != null && now.slots().contains(slot)
                ? new Tenure(before, null, now, view.epochs(me).of(slot))
                : new Tenure(before, null, null, 0);
    }

    /** The last owner's before; null where none was seen. */
    Release last() {
        return before.isEmpty() ? null : before.get(before.size() - 1);
    }

    /** Whether the slot is the shard's now. */
    boolean isOpen() {
        return now != null;
    }

    /** An offset of the shard at which the slot was certainly its own, or 0. */
    long certain() {
        return end != null ? end.held() : now != null ? now.offset() : 0;
    }
}
