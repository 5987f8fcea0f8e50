package io.millrace.source;

import io.millrace.change.Holdings;
import io.millrace.client.Node;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import io.millrace.source.cluster.ClusterWatch;
import io.millrace.source.cluster.Sighting;
import io.millrace.source.cluster.SteadySlots;
import io.millrace.source.config.ReadFrom;
import io.millrace.source.link.LinkException;
import io.millrace.source.scan.KeyScope;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one shard's scan finds its slots: first at the shard, then, those that were not there the whole time, at whichever
 * master has them, until each was read whole where it was. Owned by the reading thread.
 */
final class ShardSites implements ScanSites {

    private static final Logger log = LoggerFactory.getLogger(ShardSites.class);

    private static final long PAUSE_MILLIS = 500;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long a shard that has no master is waited for, before its slots are looked for elsewhere. */
    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** How long a replica may take to get to where its master was. */
    private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String shard;
    private final ClusterWatch watch;
    private final ReadFrom from;
    private final SlotSet own;
    private final Set<Address> failed = new HashSet<>();

    /** What is not known to be read whole. */
    private SlotSet pending;

    /** Whether the shard itself is still to be read. */
    private boolean home = true;

    /** What has moved according to the stored position; of the shard itself only. */
    private SlotSet again;

    /** Of the site that is read now. */
    private SteadySlots steady;

    private Sighting sighting;
    private boolean replica;

    private long goneSince;

    /**
     * @param own the slots that this scan answers for
     * @param stored what was stored with the place to go on from; null to begin
     */
    ShardSites(String shard, ClusterWatch watch, ReadFrom from, SlotSet own, Holdings stored) {
        this.shard = shard;
        this.watch = watch;
        this.from = from;
        this.own = own;
        this.pending = own;
        this.again = stored == null ? SlotSet.NONE : stored.given();
    }

    @Override
    public Site next() throws IOException, InterruptedException {
        if (home && !isGone()) {
            return home();
        }
        home = false;
        return away();
    }

    /** Whether there is no such shard any more, and others have all its slots. */
    private boolean isGone() throws InterruptedException {
        if (watch.shards().containsKey(shard)) {
            goneSince = 0;
            return false;
        }
        watch.awaitLook();
        SlotSet others = SlotSet.NONE;
        for (Sighting other : watch.sightings().values()) {
            others = watch.isFresh(other) ? others.union(other.slots()) : others;
        }
        if (watch.shards().containsKey(shard) || !others.containsAll(own)) {
            goneSince = 0;
            return false;
        }
        goneSince = goneSince == 0 ? System.nanoTime() : goneSince;
        return System.nanoTime() - goneSince > GONE_NANOS;
    }

    private Site home() throws IOException, InterruptedException {
        sighting = watch.sightings().get(shard);
        if (sighting == null || failed.contains(sighting.address())) {
            watch.awaitLook();
            sighting = watch.sightings().get(shard);
        }
        if (sighting == null) {
            throw new LinkException.Unreachable(
                    watch.trouble().isEmpty()
                            ? "Shard " + shard
                                    + " has no master in the cluster that answers: it is failing over, or was"
                                    + " removed."
                            : "No node of the cluster answers: " + watch.trouble(),
                    null);
        }
        if (steady == null) {
            follow(own.minus(again));
        }
        return new Site(address(sighting), scope(own), true);
    }

    private Site away() throws IOException, InterruptedException {
        long told = System.nanoTime();
        while (true) {
            watch.awaitLook();
            for (Sighting other : watch.sightings().values()) {
                SlotSet there = pending.intersect(other.slots()).minus(other.moving());
                if (!there.isEmpty() && watch.isFresh(other)) {
                    sighting = other;
                    follow(there);
                    log.info(
                            "Shard {}: {} slots have moved and are scanned at {} ({}).",
                            shard,
                            there.size(),
                            other.address(),
                            there);
                    return new Site(address(other), scope(there), false);
                }
            }
            if (System.nanoTime() - told > TELL_NANOS) {
                told = System.nanoTime();
                log.info(
                        "Shard {} waits for slots that no master has whole, as they are on their way or their master"
                                + " does not answer: {}.",
                        shard,
                        pending);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void follow(SlotSet slots) {
        unfollow();
        steady = new SteadySlots(sighting, slots);
        watch.follow(steady);
    }

    private void unfollow() {
        if (steady != null) {
            watch.unfollow(steady);
            steady = null;
        }
    }

    private KeyScope scope(SlotSet wanted) {
        return new KeyScope() {
            @Override
            public boolean wants(byte[] key) {
                return wanted.contains(HashSlot.of(key));
            }

            @Override
            public boolean movedAway(byte[] key) {
                steady.left(HashSlot.of(key));
                return true;
            }
        };
    }

    /** Of the master, or of a replica by {@code read.from}. */
    private Address address(Sighting of) throws LinkException {
        replica = false;
        if (from == ReadFrom.MASTER) {
            return of.address();
        }
        List<Address> replicas = watch.replicas(of.shard());
        Optional<Address> next =
                replicas.stream().filter(each -> !failed.contains(each)).findFirst();
        if (next.isEmpty()) {
            failed.clear();
            if (from == ReadFrom.PREFER_REPLICA) {
                return of.address();
            }
            throw new LinkException.NotReady("Shard " + of.shard()
                    + " has no replica that is well: start one, or set read.from=prefer-replica.");
        }
        replica = true;
        return next.get();
    }

    @Override
    public void opened(Node node) throws IOException, InterruptedException {
        if (!replica) {
            return;
        }
        node.call("READONLY");
        long until = System.nanoTime() + BEHIND_NANOS;
        while (true) {
            ServerInfo info = ServerInfo.of(node);
            // What had come to the master when it was asked for its slots must have come to the replica, too.
            boolean up = "up".equals(info.fields().get("master_link_status"));
            if (up && info.number("slave_repl_offset", -1) >= sighting.offset()) {
                return;
            }
            if (System.nanoTime() > until) {
                throw new LinkException.NotReady(node.address() + " is a replica that "
                        + (up ? "is behind its master" : "has no link to its master")
                        + ": mend it, or set read.from=master.");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    @Override
    public void failed(Address address) {
        failed.add(address);
    }

    @Override
    public boolean read(Site done) throws IOException, InterruptedException {
        failed.clear();
        long before = watch.rounds();
        watch.awaitLook();
        if (steady.round() < before + 2) {
            throw new LinkException.Unreachable(
                    "The master of shard " + sighting.shard() + " does not say which slots it has.", null);
        }
        pending = home ? own.minus(steady.slots()) : pending.minus(steady.slots());
        if (home) {
            again = pending;
        }
        unfollow();
        home = false;
        return pending.isEmpty();
    }

    @Override
    public void begins() {
        again = SlotSet.NONE;
        if (home) {
            follow(own);
        }
    }

    @Override
    public Holdings holdings() {
        return Holdings.ofScan(own, home && steady != null ? own.minus(steady.slots()) : again);
    }

    @Override
    public SortedMap<Long, SlotSet> claims() {
        SortedMap<Long, SlotSet> claims = new TreeMap<>();
        SlotSet left = own;
        for (Sighting each : watch.sightings().values()) {
            SlotSet there = left.intersect(each.slots());
            if (!there.isEmpty()) {
                claims.merge(each.epoch(), there, SlotSet::union);
                left = left.minus(there);
            }
        }
        if (claims.isEmpty() || !left.isEmpty()) {
            claims.merge(sighting.epoch(), left, SlotSet::union);
        }
        return claims;
    }
}
