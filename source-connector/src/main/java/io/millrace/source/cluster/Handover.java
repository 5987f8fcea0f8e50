package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The waiting of shards that are about to publish changes of slots that were another's: until the former owner has given
 * the slot up, and Kafka has acknowledged all that it did with it before. One for a task; thread-safe.
 *
 * <p>How far the former owner's capture is, is known at once where this task captures it, and else from its master, to which
 * the capture's link reports what Kafka has acknowledged, under an address that says whose link it is.
 */
public final class Handover {

    private static final Logger log = LoggerFactory.getLogger(Handover.class);

    /** How long a wait goes on that nothing moves, where it cannot be seen why. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

    /** How long a copy waits for what need not be waited for: others may wait for this copy where this task cannot see it. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long shards of this task may wait for each other before one of them gives way. */
    private static final long CYCLE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What is to be done with the changes of a slot that was not the shard's. */
    public enum Verdict {
        /** They are the shard's to publish from here on. */
        CLAIM,
        /** The move was undone: the former owner's stream holds what came of it. */
        UNDONE
    }

    private final ClusterWatch watch;
    private final String source;

    /** Who waits for whom, in this task. */
    private final Map<String, String> waiting = new ConcurrentHashMap<>();

    /** @param source the source's name, by which its links are known at the masters */
    public Handover(ClusterWatch watch, String source) {
        this.watch = watch;
        this.source = source;
    }

    /** The address that the link of a shard announces, so that it is found among the master's replicas. */
    public static String announced(String source, String shard) {
        return "millrace." + Integer.toHexString(source.hashCode()) + "."
                + shard.substring(0, Math.min(12, shard.length()));
    }

    /**
     * Waits until the slots can pass to a shard.
     *
     * @param me the shard that has come to a change of them
     * @param seen the sequence of the release by which each slot came to it last, by slot; brought up to date
     * @param whole whether the shard's stream holds the slots' whole content from here on; if not, another's capture must
     *     have it
     * @throws MustCopyException when that cannot be, or nobody can tell
     */
    Verdict await(String me, SlotSet slots, long[] seen, boolean whole) throws InterruptedException {
        List<Integer> left = new ArrayList<>(slots.stream().boxed().toList());
        Wait wait = new Wait(me);
        try {
            while (true) {
                for (var each = left.iterator(); each.hasNext(); ) {
                    int slot = each.next();
                    Release release = next(me, slot, seen[slot]);
                    if (release != null) {
                        if (!acknowledged(release)) {
                            wait.on(release);
                            break;
                        }
                        if (!whole && !watch.covers(release.shard(), slot)) {
                            throw new MustCopyException("Slot " + slot + " came to shard " + me
                                    + " by a migration from shard " + release.shard()
                                    + ", whose capture is not known to have it from before.");
                        }
                        seen[slot] = release.sequence();
                    } else if (wait.looks < 2) {
                        break;
                    } else {
                        String owner = owner(me, slot);
                        if (owner != null && isUndone(me, owner, slot)) {
                            return Verdict.UNDONE;
                        }
                        if (owner != null) {
                            wait.move(owner, slot);
                            break;
                        }
                        if (!wait.nobody(slot, whole)) {
                            break;
                        }
                    }
                    each.remove();
                }
                if (left.isEmpty()) {
                    return Verdict.CLAIM;
                }
                wait.look();
            }
        } finally {
            waiting.remove(me);
        }
    }

    /**
     * Waits, before a copy of a shard is published, until what other shards did before with its slots is in Kafka, as far as
     * that comes about: a copy is right in any case, but a log in which nothing older follows it is easier to read.
     */
    public void awaitQuiet(String me, SlotSet own) throws InterruptedException {
        long until = System.nanoTime() + QUIET_NANOS;
        for (Release release : watch.releases()) {
            while (!release.shard().equals(me)
                    && release.slots().intersects(own)
                    && System.nanoTime() < until
                    && !isPast(release)
                    && !waiting.containsKey(release.shard())) {
                watch.awaitLook();
            }
        }
    }

    private boolean isPast(Release release) {
        Capture capture = watch.capture(release.shard());
        return (capture != null && capture.generation() > release.generation()) || acknowledged(release);
    }

    /**
     * The epoch of a claim: that of the shard, where the slots are its own now; where they have gone on meanwhile, less
     * than that of whoever has them. So a claim that is published late takes nothing away from a later owner. It is never
     * less than that of the owner before, which the shard, in a failover, may not be known to have exceeded yet.
     *
     * @param seen the sequence of the release by which each slot came, 0 where there was none
     */
    long epoch(String me, SlotSet slots, long[] seen) {
        long before = slots.stream()
                .filter(slot -> seen[slot] > 0)
                .mapToLong(slot -> watch.releases().get((int) seen[slot] - 1).epoch())
                .max()
                .orElse(0);
        return Math.max(before, epoch(me, slots));
    }

    private long epoch(String me, SlotSet slots) {
        Sighting mine = watch.sightings().get(me);
        if (mine != null && mine.slots().containsAll(slots)) {
            return mine.epoch();
        }
        long epoch = mine == null ? Long.MAX_VALUE : mine.epoch();
        for (Sighting other : watch.sightings().values()) {
            if (!other.shard().equals(me) && other.slots().intersects(slots)) {
                epoch = Math.min(epoch, other.epoch() - 1);
            }
        }
        return epoch == Long.MAX_VALUE ? 0 : epoch;
    }

    /** The sequence of what was released last. */
    long latest() {
        return watch.releases().size();
    }

    /** The first release of the slot by another shard behind the one that is known. */
    private Release next(String me, int slot, long after) {
        for (Release release : watch.releases()) {
            if (release.sequence() > after
                    && !release.shard().equals(me)
                    && release.slots().contains(slot)) {
                return release;
            }
        }
        return null;
    }

    private boolean acknowledged(Release release) {
        Capture capture = watch.capture(release.shard());
        if (capture != null) {
            if (release.generation() > 0 && capture.generation() > release.generation()) {
                throw new MustCopyException(
                        "Shard " + release.shard() + " was copied anew while slots passed from it (offset "
                                + release.offset() + "), so that what it did with them before is not known.");
            }
            return capture.acknowledged() >= release.offset();
        }
        Sighting sighting = watch.sightings().get(release.shard());
        Long offset = sighting == null ? null : sighting.acknowledged().get(announced(source, release.shard()));
        return offset != null && offset >= release.offset();
    }

    /** Another shard whose slot it still is by its own word, or null. */
    private String owner(String me, int slot) {
        for (Sighting sighting : watch.sightings().values()) {
            if (!sighting.shard().equals(me) && sighting.slots().contains(slot)) {
                return sighting.shard();
            }
        }
        return null;
    }

    /** Whether the slot is the other's, and neither says that it is on its way. */
    private boolean isUndone(String me, String owner, int slot) {
        Sighting mine = watch.sightings().get(me);
        Sighting other = watch.sightings().get(owner);
        return mine != null
                && other != null
                && watch.isFresh(mine)
                && watch.isFresh(other)
                && !mine.slots().contains(slot)
                && !mine.moving().contains(slot)
                && !other.moving().contains(slot);
    }

    /** One wait: what it looks at, and how long nothing has moved. */
    private final class Wait {

        private final String me;
        private final long begun = System.nanoTime();
        private int looks;
        private long moved = System.nanoTime();
        private long cycleSince;
        private long told = System.nanoTime();
        private long best = -1;
        private String what = "";

        Wait(String me) {
            this.me = me;
        }

        void on(Release release) {
            Capture capture = watch.capture(release.shard());
            what = "for the changes of shard " + release.shard() + " up to offset " + release.offset()
                    + " to be in Kafka";
            waiting.put(me, release.shard());
            long now = System.nanoTime();
            if (capture != null) {
                boolean cycle = isCycle();
                if (!cycle || capture.acknowledged() > best) {
                    cycleSince = now;
                }
                best = Math.max(best, capture.acknowledged());
                if (cycle && now - cycleSince > CYCLE_NANOS) {
                    throw new MustCopyException("Shards " + me + " and " + release.shard()
                            + " wait for each other, since slots move between them in both directions.");
                }
                return;
            }
            Sighting sighting = watch.sightings().get(release.shard());
            Long offset = sighting == null ? null : sighting.acknowledged().get(announced(source, release.shard()));
            if (offset != null && offset > best) {
                best = offset;
                moved = now;
            }
            if (now - moved > PATIENCE_NANOS) {
                throw new MustCopyException("The capture of shard " + release.shard()
                        + " has not got to offset " + release.offset()
                        + ", before which it gave slots up, and has not moved for "
                        + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s.");
            }
        }

        /** Nobody has the slot, and nobody was seen to give it up. False when that may yet become known. */
        boolean nobody(int slot, boolean whole) {
            String holder = watch.holder(me, slot);
            if (holder != null) {
                what = "for shard " + holder + ", which had slot " + slot + ", to have a master";
                waiting.remove(me);
                if (System.nanoTime() - begun < PATIENCE_NANOS) {
                    return false;
                }
                throw new MustCopyException("Slot " + slot + " was shard " + holder
                        + "'s, which is no longer in the cluster, and how far it was captured cannot be told.");
            }
            if (!whole) {
                throw new MustCopyException("Slot " + slot + " came to shard " + me
                        + " by a migration, and no capture is known to have it from before.");
            }
            return true;
        }

        void move(String owner, int slot) {
            waiting.remove(me);
            what = "for slot " + slot + " to be moved from shard " + owner + " completely";
        }

        private boolean isCycle() {
            Set<String> met = new HashSet<>();
            String at = me;
            while (at != null && met.add(at)) {
                at = waiting.get(at);
            }
            return me.equals(at);
        }

        void look() throws InterruptedException {
            watch.awaitLook();
            looks += 2;
            long now = System.nanoTime();
            if (now - told > TELL_NANOS) {
                told = now;
                log.info("Shard {} has waited {} s {}.", me, TimeUnit.NANOSECONDS.toSeconds(now - begun), what);
            }
        }
    }
}
