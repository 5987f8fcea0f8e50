package io.millrace.source.cluster;

import io.millrace.change.Holdings;
import io.millrace.change.Position;
import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What looks at the masters of a cluster have told about whose the slots are and were: what each said last, and all that
 * shards were seen to give up. {@link #saw} is for one thread, all else for any.
 */
final class SlotHistory {

    private static final Logger log = LoggerFactory.getLogger(SlotHistory.class);

    /**
     * What is known at one time.
     *
     * @param sightings what was seen of each shard that has a master, by name
     * @param releases all that shards were seen to give up, in the order in which it was seen: of each slot, in the order of
     *     its owners
     * @param epochs at which each shard has its slots, by name
     */
    record View(Map<String, Sighting> sightings, List<Release> releases, Map<String, Epochs> epochs) {

        Epochs epochs(String shard) {
            return epochs.getOrDefault(shard, Epochs.NONE);
        }
    }

    private final String source;
    private final Map<String, Capture> captures = new ConcurrentHashMap<>();

    /** Slots that a shard is known to have had, before it was looked at or when it was last. */
    private final Map<String, SlotSet> had = new ConcurrentHashMap<>();

    /** Slots that a shard's capture is known to have, or to have had. */
    private final Map<String, SlotSet> covered = new ConcurrentHashMap<>();

    /** The last generation in which a shard is known to be read. */
    private final Map<String, Integer> generations = new ConcurrentHashMap<>();

    private volatile View view = new View(Map.of(), List.of(), Map.of());

    /**
     * @param source the source's name
     * @param stored the positions of all shards that Connect has, by name
     */
    SlotHistory(String source, Map<String, Position> stored) {
        this.source = source;
        stored.forEach((name, position) -> {
            Holdings holdings = position.holdings();
            if (holdings != null && !position.inSnapshot() && !position.isScan()) {
                generations.put(name, position.generation());
                had.put(name, holdings.own());
                covered.put(name, holdings.own().union(holdings.given()));
            }
        });
    }

    void captured(Capture capture) {
        captures.put(capture.shard(), capture);
    }

    /** The capture of a shard in this task, or null. */
    Capture capture(String shard) {
        return captures.get(shard);
    }

    View view() {
        return view;
    }

    /** Whether the capture of a shard, in whatever task, is known to have had the slot whole. */
    boolean covers(String shard, int slot) {
        Capture capture = captures.get(shard);
        return capture == null ? covered.getOrDefault(shard, SlotSet.NONE).contains(slot) : capture.has(slot);
    }

    /** What a shard had when it was seen last. */
    SlotSet had(String shard) {
        return had.getOrDefault(shard, SlotSet.NONE);
    }

    /** A shard that is known to have had the slot and is not in the cluster any more, or null. */
    String holder(String me, int slot) {
        Map<String, Sighting> there = view.sightings();
        for (Map.Entry<String, SlotSet> shard : had.entrySet()) {
            if (!shard.getKey().equals(me)
                    && !there.containsKey(shard.getKey())
                    && shard.getValue().contains(slot)) {
                return shard.getKey();
            }
        }
        return null;
    }

    /** What the captures of this task have, which is to be asked before a round of looks begins. */
    Map<String, SlotSet> lasting() {
        Map<String, SlotSet> lasting = new HashMap<>();
        captures.forEach((shard, capture) -> lasting.put(shard, capture.lasting()));
        return lasting;
    }

    /**
     * Takes what was seen in one round.
     *
     * @param now what is known of all shards now, of whom some may not have answered in this round
     * @return whether slots were seen to move
     */
    boolean saw(Map<String, Sighting> now, long round, Map<String, SlotSet> lasting) {
        List<Release> releases = new ArrayList<>(view.releases());
        int before = releases.size();
        Map<String, Epochs> epochs = new HashMap<>(view.epochs());
        for (Sighting sighting : now.values()) {
            if (sighting.round() == round) {
                compare(sighting, lasting.getOrDefault(sighting.shard(), SlotSet.NONE), releases);
                epochs.put(sighting.shard(), view.epochs(sighting.shard()).after(sighting));
            }
        }
        // Who waits sees all of a round or nothing of it, and a capture hears of a release that it can look up.
        view = new View(Map.copyOf(now), List.copyOf(releases), Map.copyOf(epochs));
        for (Release release : releases.subList(before, releases.size())) {
            Capture capture = captures.get(release.shard());
            if (capture != null) {
                capture.lose(release);
            }
            log.debug("{}", release);
        }
        return releases.size() > before;
    }

    /** @param lasting what the shard's capture had when nobody was looked at yet: whatever it got later is not lost */
    private void compare(Sighting sighting, SlotSet lasting, List<Release> releases) {
        String shard = sighting.shard();
        Progress progress = sighting.progress(Handover.announced(source, shard));
        if (progress.offset() > 0) {
            // Its capture is past its snapshot while the shard has these slots: it has them whole.
            covered.merge(shard, sighting.slots(), SlotSet::union);
        }
        int generation = generations.merge(shard, progress.generation(), Math::max);
        Capture capture = captures.get(shard);
        generation = capture == null ? generation : capture.generation();
        SlotSet lost = had.getOrDefault(shard, SlotSet.NONE).union(lasting).minus(sighting.slots());
        had.put(shard, sighting.slots());
        Sighting last = view.sightings().get(shard);
        for (Map.Entry<Long, SlotSet> seen : view.epochs(shard).slots().entrySet()) {
            SlotSet now = lost.intersect(seen.getValue());
            if (!now.isEmpty() && last != null) {
                releases.add(release(releases, sighting, now, last.offset(), seen.getKey(), generation));
                lost = lost.minus(now);
            }
        }
        if (!lost.isEmpty()) {
            releases.add(release(releases, sighting, lost, 0, 0, generation));
        }
    }

    private static Release release(
            List<Release> before, Sighting sighting, SlotSet lost, long held, long epoch, int generation) {
        return new Release(
                before.size() + 1L,
                sighting.shard(),
                lost,
                held,
                sighting.offset(),
                sighting.moving().intersect(lost),
                epoch,
                generation);
    }
}
