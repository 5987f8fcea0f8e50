package io.millrace.source.cluster;

import io.millrace.change.Position;
import io.millrace.client.ClusterNodes;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.SlotSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all masters of a cluster again and again, on a thread of its own: which shard each of them is, which slots it
 * serves by its own word, how far its history has got and what its replicas have acknowledged.
 */
public final class ClusterWatch implements Looks, Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClusterWatch.class);

    private static final long ROUND_MILLIS = 1_000;
    private static final long HURRIED_MILLIS = 50;

    /** Between two looks after slots were seen to move. */
    private static final long ALERT_MILLIS = 100;

    /** A node that was removed is forgotten by one after the other. */
    private static final int DEPARTED_LOOKS = 3;

    private static final long ALERT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final NodeConnector connector;
    private final SlotHistory history;
    private final ShardNames names = new ShardNames();
    private final Map<Address, Node> connections = new HashMap<>();

    private volatile Map<String, ClusterNodes.Member> shards = Map.of();
    private volatile Map<String, List<Address>> replicas = Map.of();
    /** Of each shard, the id of the master that it had last. */
    private final Map<String, String> masters = new HashMap<>();

    /** In how many looks in a row a shard was not there any more. */
    private final Map<String, Integer> departed = new ConcurrentHashMap<>();

    private final List<SteadySlots> followed = new CopyOnWriteArrayList<>();
    private volatile String trouble = "";

    /** What a node answered that asking again does not mend, such as a right that is missing; empty for nothing. */
    private volatile String refusal = "";

    private final Object lock = new Object();
    private long rounds;
    private int hurried;
    private volatile long lastMove;
    private boolean closed;

    /**
     * @param source the source's name
     * @param stored the positions of all shards that Connect has, by name
     */
    public ClusterWatch(NodeConnector connector, String source, Map<String, Position> stored) {
        this.connector = connector;
        this.history = new SlotHistory(source, stored);
        stored.forEach((name, position) -> names.known(name, position.replicationId()));
    }

    /** A shard that this task captures. Before {@link #run}. */
    public void captured(Capture capture) {
        history.captured(capture);
    }

    /** What the looks have told about whose the slots are and were. */
    SlotHistory history() {
        return history;
    }

    /** The ids of all nodes that a cluster knows, of which each may be the name of a shard. */
    public static List<String> candidates(NodeConnector connector) {
        RedisFailureException last = null;
        for (Address seed : connector.endpoint().addresses()) {
            try (Node node = connector.open(seed)) {
                return ClusterNodes.of(node).members().stream()
                        .map(ClusterNodes.Member::id)
                        .toList();
            } catch (RedisFailureException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The masters of the last look, by the name of their shard. */
    public Map<String, ClusterNodes.Member> shards() {
        return shards;
    }

    /** The replicas of a shard that its cluster does not find gone. */
    public List<Address> replicas(String shard) {
        return replicas.getOrDefault(shard, List.of());
    }

    /** What is said of a shard from now on concerns these slots, until they are no longer followed. */
    public void follow(SteadySlots slots) {
        followed.add(slots);
    }

    public void unfollow(SteadySlots slots) {
        followed.remove(slots);
    }

    /** What was seen of each shard that has a master now. */
    public Map<String, Sighting> sightings() {
        return history.view().sightings();
    }

    /**
     * Why a node that answers cannot be looked at, as it was in the last look: it refused the login or a command. Empty when
     * none is like that.
     */
    public String refusal() {
        return refusal;
    }

    /** Why the last look found nobody who answers; empty when it found some. */
    public String trouble() {
        return trouble;
    }

    @Override
    public void run() {
        try {
            while (true) {
                long wait;
                synchronized (lock) {
                    if (closed) {
                        return;
                    }
                    boolean alert = lastMove != 0 && System.nanoTime() - lastMove < ALERT_NANOS;
                    wait = hurried > 0 ? HURRIED_MILLIS : alert ? ALERT_MILLIS : ROUND_MILLIS;
                }
                look();
                synchronized (lock) {
                    if (!closed) {
                        lock.wait(wait);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.values().forEach(ClusterWatch::closeQuietly);
            connections.clear();
        }
    }

    /** Looks once; for who has no thread for it, or before there is one. */
    public void look() {
        Set<Address> candidates = new LinkedHashSet<>(connections.keySet());
        sightings().values().forEach(sighting -> candidates.add(sighting.address()));
        candidates.addAll(connector.endpoint().addresses());
        String failed = "";
        boolean found = false;
        for (Address candidate : candidates) {
            try {
                Map<String, SlotSet> lasting = history.lasting();
                ClusterNodes seen = ClusterNodes.of(open(candidate));
                Map<String, Look> looks = ask(seen);
                Map<String, ClusterNodes> others = new HashMap<>();
                looks.forEach((id, look) -> others.put(id, look.nodes()));
                if (Views.isBelievable(seen, others)) {
                    round(seen, looks, lasting);
                    found = true;
                    break;
                }
                failed = candidate + " is no node of a cluster that serves slots.";
                log.debug("{}", failed);
            } catch (RedisFailureException e) {
                forget(candidate);
                failed = e.getMessage();
                refusal = e.failure().isRetryable() ? "" : failed;
                log.debug("A node of the cluster does not answer. {}", failed);
            }
        }
        trouble = found ? "" : failed;
        synchronized (lock) {
            rounds++;
            lock.notifyAll();
        }
    }

    @Override
    public void awaitLook() throws InterruptedException {
        synchronized (lock) {
            long wanted = rounds + 2; // the look that is under way may have begun before
            hurried++;
            lock.notifyAll();
            try {
                while (rounds < wanted && !closed) {
                    lock.wait();
                }
            } finally {
                hurried--;
            }
            if (closed) {
                throw new InterruptedException("the watch is closed");
            }
        }
    }

    /** Whether the shard answered in the last look. */
    public boolean isFresh(Sighting sighting) {
        return sighting.round() >= rounds();
    }

    @Override
    public long rounds() {
        synchronized (lock) {
            return rounds;
        }
    }

    private record Look(ClusterNodes nodes, Map<String, String> info) {}

    /** What the masters say of themselves, by id, those that answer. */
    private Map<String, Look> ask(ClusterNodes seen) {
        Map<String, Look> looks = new HashMap<>();
        String refused = "";
        for (ClusterNodes.Member master : seen.masters()) {
            try {
                Node node = open(master.address());
                ClusterNodes nodes = ClusterNodes.of(node);
                Map<String, String> info = ServerInfo.parse((byte[]) node.call("INFO", "replication"))
                        .fields();
                if (nodes.myself().isMaster() && nodes.myself().id().equals(master.id())) {
                    looks.put(master.id(), new Look(nodes, info));
                }
            } catch (RedisFailureException e) {
                forget(master.address());
                refused = e.failure().isRetryable() ? refused : e.getMessage();
                log.debug("A master of the cluster does not answer. {}", e.getMessage());
            }
        }
        if (!refused.isEmpty() && !refused.equals(refusal)) {
            log.warn("A master of the cluster cannot be looked at. {}", refused);
        }
        refusal = refused;
        return looks;
    }

    private void round(ClusterNodes seen, Map<String, Look> looks, Map<String, SlotSet> lasting) {
        Map<String, ClusterNodes.Member> named = names.name(seen, master -> {
            Look look = looks.get(master.id());
            return look == null ? Map.of() : look.info();
        });
        shards = Map.copyOf(named);
        departures(seen, named);
        Map<String, List<Address>> copies = new HashMap<>();
        named.forEach((name, master) -> copies.put(name, seen.replicas(master.id())));
        replicas = Map.copyOf(copies);
        Map<String, Sighting> now = new LinkedHashMap<>();
        long round = rounds() + 1;
        named.forEach((name, master) -> {
            Look look = looks.get(master.id());
            if (look != null) {
                Sighting sighting =
                        Sighting.of(name, master.address(), look.nodes().myself(), look.info(), round);
                now.put(name, sighting);
                names.known(name, sighting.replicationId());
                followed.forEach(slots -> slots.saw(sighting));
            } else {
                Sighting before = sightings().get(name);
                if (before != null && before.masterId().equals(master.id())) {
                    now.put(name, before);
                }
            }
        });
        if (history.saw(now, round, lasting)) {
            lastMove = System.nanoTime();
        }
    }

    /** Notes which shards have no master any more, and no node that could become it. */
    private void departures(ClusterNodes seen, Map<String, ClusterNodes.Member> named) {
        named.forEach((name, master) -> masters.put(name, master.id()));
        Set<String> others = new HashSet<>();
        named.values().forEach(master -> others.add(master.id()));
        masters.forEach((name, id) -> {
            String of = seen.find(id).map(ClusterNodes.Member::masterId).orElse(null);
            boolean gone = seen.find(id).isEmpty() || (of != null && others.contains(of));
            if (gone && !named.containsKey(name)) {
                departed.merge(name, 1, Integer::sum);
            } else {
                departed.remove(name);
            }
        });
    }

    /**
     * Whether a shard has left the cluster for good: for some looks now no node is what was its master, or that is a replica
     * of another shard, and all that it had is others'.
     */
    @Override
    public boolean isRemoved(String shard) {
        SlotSet others = SlotSet.NONE;
        for (Sighting other : sightings().values()) {
            others = others.union(other.slots());
        }
        return departed.getOrDefault(shard, 0) >= DEPARTED_LOOKS && others.containsAll(history.had(shard));
    }

    private Node open(Address address) {
        Node known = connections.get(address);
        if (known == null) {
            known = connector.open(address);
            connections.put(address, known);
        }
        return known;
    }

    private void forget(Address address) {
        Node node = connections.remove(address);
        if (node != null) {
            closeQuietly(node);
        }
    }

    private static void closeQuietly(Node node) {
        try {
            node.close();
        } catch (RedisFailureException e) {
            log.debug("A connection did not close. {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
