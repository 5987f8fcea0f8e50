package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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

    private final SlotHistory history;
    private final Looks looks;
    private final String source;
    private final LongSupplier nanos;

    /** Who waits for whom, in this task. */
    private final Map<String, String> waiting = new ConcurrentHashMap<>();

    /** @param source the source's name, by which its links are known at the masters */
    public Handover(ClusterWatch watch, String source) {
        this(watch.history(), watch, source, System::nanoTime);
    }

    Handover(SlotHistory history, Looks looks, String source, LongSupplier nanos) {
        this.history = history;
        this.looks = looks;
        this.source = source;
        this.nanos = nanos;
    }

    /**
     * The address that the link of a shard announces, so that it is found among the master's replicas.
     *
     * @param generation that is read over the link
     */
    public static String announced(String source, String shard, int generation) {
        return announced(source, shard) + generation;
    }

    /** What these addresses begin with. */
    static String announced(String source, String shard) {
        return "millrace." + Integer.toHexString(source.hashCode()) + "."
                + shard.substring(0, Math.min(12, shard.length())) + ".";
    }

    /**
     * Waits until the slots can pass to a shard.
     *
     * @param me the shard that has come to a change of them
     * @param past how far the shard's stream is in the history of each slot; brought up to date
     * @param whole whether the shard's stream holds the slots' whole content from here on; if not, another's capture must
     *     have it
     * @throws MustCopyException when that cannot be, or nobody can tell
     */
    Verdict await(String me, SlotSet slots, SlotPast past, boolean whole) throws InterruptedException {
        List<Integer> left = new ArrayList<>(slots.stream().boxed().toList());
        Wait wait = new Wait(me);
        try {
            while (true) {
                SlotHistory.View view = history.view();
                for (var each = left.iterator(); each.hasNext(); ) {
                    int slot = each.next();
                    Tenure tenure = Tenure.follow(view, me, slot, past);
                    String owner = tenure.end() == null ? owner(view, me, slot) : null;
                    if (owner != null) {
                        if (wait.looked >= 2 && isUndone(view, me, owner, slot)) {
                            return Verdict.UNDONE;
                        }
                        wait.move(owner, slot);
                        break;
                    }
                    boolean settled = tenure.end() != null || tenure.isOpen() || wait.unowned(slot);
                    if (!settled || !isFree(tenure, wait)) {
                        break;
                    }
                    Release last = tenure.last();
                    if (!whole && last != null && !history.covers(last.shard(), slot)) {
                        throw new MustCopyException("Slot " + slot + " came to shard " + me
                                + " by a migration from shard " + last.shard()
                                + ", whose capture is not known to have it from before.");
                    }
                    if (last == null && !wait.nobody(slot, whole)) {
                        break;
                    }
                    past.claimed(slot, last, epoch(view, tenure, me, slot), tenure.certain());
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

    /** Whether all that others did with the slot before is in Kafka. */
    private boolean isFree(Tenure tenure, Wait wait) {
        for (Release release : tenure.before()) {
            if (!acknowledged(release)) {
                wait.on(release);
                return false;
            }
        }
        return true;
    }

    /** What is known now, after a look at what is the case now. */
    SlotHistory.View look() throws InterruptedException {
        looks.awaitLook();
        return history.view();
    }

    SlotHistory.View view() {
        return history.view();
    }

    /**
     * Waits, before a copy of a shard is published, until what other shards did before with its slots is in Kafka, as far as
     * that comes about: a copy is right in any case, but a log in which nothing older follows it is easier to read.
     */
    public void awaitQuiet(String me, SlotSet own) throws InterruptedException {
        long until = nanos.getAsLong() + QUIET_NANOS;
        for (Release release : history.view().releases()) {
            while (!release.shard().equals(me)
                    && release.slots().intersects(own)
                    && nanos.getAsLong() < until
                    && !isPast(release)
                    && !waiting.containsKey(release.shard())) {
                looks.awaitLook();
            }
        }
    }

    private boolean isPast(Release release) {
        Progress progress = progress(release.shard());
        return progress.generation() > release.generation() || progress.offset() >= release.offset();
    }

    /**
     * The epoch of a claim: one that the shard had while the slot was its own. So it is greater than that of any owner before
     * and less than that of any later one, whenever it is published. Where the shard was never seen with the slot, it is that
     * of the owner before, or, where there was none, less than that of whoever has the slot now.
     */
    private static long epoch(SlotHistory.View view, Tenure tenure, String me, int slot) {
        long before = tenure.before().stream().mapToLong(Release::epoch).max().orElse(0);
        long own = Math.max(before, tenure.epoch());
        if (own > 0) {
            return own;
        }
        Sighting mine = view.sightings().get(me);
        long epoch = mine == null ? Long.MAX_VALUE : mine.epoch();
        for (Sighting other : view.sightings().values()) {
            if (!other.shard().equals(me) && other.slots().contains(slot)) {
                epoch = Math.min(epoch, other.epoch() - 1);
            }
        }
        return epoch == Long.MAX_VALUE ? 0 : epoch;
    }

    private boolean acknowledged(Release release) {
        Progress progress = progress(release.shard());
        if (release.generation() > 0 && progress.generation() > release.generation()) {
            throw new MustCopyException(
                    "Shard " + release.shard() + " was copied anew while slots passed from it (offset "
                            + release.offset() + "), so that what it did with them before is not known.");
        }
        return progress.offset() >= release.offset();
    }

    /** How far a shard's capture is: of another task's, what the shard's master knows. */
    private Progress progress(String shard) {
        Capture capture = history.capture(shard);
        if (capture != null) {
            return new Progress(capture.generation(), capture.acknowledged());
        }
        Sighting sighting = history.view().sightings().get(shard);
        return sighting == null ? Progress.NONE : sighting.progress(announced(source, shard));
    }

    /** Another shard whose slot it still is by its own word, or null. */
    private static String owner(SlotHistory.View view, String me, int slot) {
        for (Sighting sighting : view.sightings().values()) {
            if (!sighting.shard().equals(me) && sighting.slots().contains(slot)) {
                return sighting.shard();
            }
        }
        return null;
    }

    /** Whether the slot is the other's, and neither says that it is on its way. */
    private boolean isUndone(SlotHistory.View view, String me, String owner, int slot) {
        Sighting mine = view.sightings().get(me);
        Sighting other = view.sightings().get(owner);
        return mine != null
                && other != null
                && isFresh(mine)
                && isFresh(other)
                && !mine.slots().contains(slot)
                && !mine.moving().contains(slot)
                && !other.moving().contains(slot);
    }

    private boolean isFresh(Sighting sighting) {
        return sighting.round() >= looks.rounds();
    }

    /** One wait: what it looks at, and how long nothing has moved. */
    private final class Wait {

        private final String me;
        private final long begun = nanos.getAsLong();
        private int looked;
        private long moved = nanos.getAsLong();
        private long cycleSince;
        private long told = nanos.getAsLong();
        private long best = -1;
        private String what = "";

        Wait(String me) {
            this.me = me;
        }

        void on(Release release) {
            Capture capture = history.capture(release.shard());
            what = "for the changes of shard " + release.shard() + " up to offset " + release.offset()
                    + " to be in Kafka";
            waiting.put(me, release.shard());
            long now = nanos.getAsLong();
            if (capture != null && !capture.isDone()) {
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
            long offset = progress(release.shard()).offset();
            if (offset > best) {
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
            String holder = history.holder(me, slot);
            if (holder != null) {
                what = "for shard " + holder + ", which had slot " + slot + ", to have a master";
                waiting.remove(me);
                if (!looks.isRemoved(holder) && nanos.getAsLong() - begun < PATIENCE_NANOS) {
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

        /** Nobody says that the slot is its own. False when that may yet change. */
        boolean unowned(int slot) {
            waiting.remove(me);
            what = "for slot " + slot + " to be taken over by a shard";
            return nanos.getAsLong() - begun >= PATIENCE_NANOS;
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
            looks.awaitLook();
            looked += 2;
            long now = nanos.getAsLong();
            if (now - told > TELL_NANOS) {
                told = now;
                log.info("Shard {} has waited {} s {}.", me, TimeUnit.NANOSECONDS.toSeconds(now - begun), what);
            }
        }
    }
}
