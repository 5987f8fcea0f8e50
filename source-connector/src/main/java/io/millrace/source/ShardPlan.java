package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.client.ClusterNodes;
import io.millrace.client.NodeConnector;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.SlotSet;
import io.millrace.source.cluster.ClusterWatch;
import io.millrace.source.config.CaptureMode;
import io.millrace.source.config.SourceSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which shards a cluster has, and which task reads which. A thread of its own looks at the cluster and asks for other tasks
 * when a shard has joined, or has been gone for a while: at once would be too soon, since a shard that fails over is without a
 * master for some seconds.
 */
final class ShardPlan implements Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ShardPlan.class);

    /** In a task's properties: the names of the shards that it reads. */
    static final String TASK_SHARDS = "task.shards";

    /** In a task's properties: the names of all shards. */
    static final String ALL_SHARDS = "task.shards.all";

    /** In the properties of a task that scans: the slots that each of its shards answers for. */
    static final String TASK_SLOTS = "task.shards.slots";

    private static final long LOOK_MILLIS = 2_000;
    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final SourceSettings settings;
    private final Supplier<List<String>> listed;
    private final Function<String, Position> stored;
    private final Runnable replan;
    private final Map<String, Long> goneSince = new HashMap<>();
    private final Object lock = new Object();
    private ClusterWatch watch;
    private Set<String> planned = Set.of();
    private Map<String, SlotSet> shares = Map.of();
    private boolean closed;

    /**
     * @param listed the names of shards that Connect has stored
     * @param stored the position that Connect has of a shard, or null
     * @param replan asks Connect for other tasks
     */
    ShardPlan(
            SourceSettings settings,
            Supplier<List<String>> listed,
            Function<String, Position> stored,
            Runnable replan) {
        this.settings = settings;
        this.listed = listed;
        this.stored = stored;
        this.replan = replan;
    }

    /**
     * The shards of each task.
     *
     * @throws ConnectException when no node of the cluster answers, it is none, or a node refuses the user
     */
    List<List<String>> tasks(int maxTasks) {
        synchronized (lock) {
            Set<String> names = new TreeSet<>(names());
            requireNoRefusal();
            if (names.isEmpty()) {
                throw new ConnectException("No shard of the cluster at "
                        + settings.endpoint().addresses() + " can be read now: "
                        + (watch.trouble().isEmpty()
                                ? "none of its masters serves slots and answers."
                                : watch.trouble()));
            }
            if (scans()) {
                shares = shares();
                names = shares.keySet();
            }
            planned = names;
            List<List<String>> tasks = new ArrayList<>();
            for (int i = 0; i < Math.min(maxTasks, names.size()); i++) {
                tasks.add(new ArrayList<>());
            }
            int next = 0;
            for (String name : names) {
                tasks.get(next++ % tasks.size()).add(name);
            }
            log.info("The cluster has {} shards, read by {} tasks.", names.size(), tasks.size());
            return tasks;
        }
    }

    /** Whether the shards are scanned, once, so that none that joins later concerns anybody. */
    boolean scans() {
        return settings.capture().mode() == CaptureMode.SCAN;
    }

    /** The slots that the scan of each of these shards answers for, as of the last plan. */
    Map<String, SlotSet> shares(List<String> names) {
        synchronized (lock) {
            Map<String, SlotSet> some = new TreeMap<>(shares);
            some.keySet().retainAll(names);
            return some;
        }
    }

    private Map<String, SlotSet> shares() {
        Map<String, Position> positions = new HashMap<>();
        watch.shards().keySet().forEach(name -> positions.put(name, stored.apply(name)));
        return ScanShares.of(watch.shards(), positions);
    }

    /**
     * Asks every master, so that what a user lacks is known before there are tasks. A cluster that is away is not.
     *
     * @throws ConnectException when a node refuses the user
     */
    void requireAccess() {
        synchronized (lock) {
            try {
                names();
            } catch (ConnectException e) {
                if (e.getCause() instanceof RedisFailureException failed
                        && failed.failure().isRetryable()) {
                    log.warn("{}", e.getMessage());
                    return;
                }
                throw e;
            }
            requireNoRefusal();
        }
    }

    /** To begin without the shard of a node that refuses the user would be a copy that lacks its keys. */
    private void requireNoRefusal() {
        if (!watch.refusal().isEmpty()) {
            throw new ConnectException("A node of the cluster cannot be asked. " + watch.refusal()
                    + " The user needs the same password and rights on every node, replicas included.");
        }
    }

    /** The shards to read now: those that serve slots, and those planned before that are not gone for long. */
    private Set<String> names() {
        try {
            if (watch == null) {
                NodeConnector connector = new NodeConnector(settings.endpoint());
                Map<String, Position> known = new LinkedHashMap<>();
                // The node that a shard has its name from may have left, and one that was never stored may be a shard.
                Set<String> candidates = new LinkedHashSet<>(listed.get());
                candidates.addAll(ClusterWatch.candidates(connector));
                for (String candidate : candidates) {
                    Position position = stored.apply(candidate);
                    if (position != null) {
                        known.put(candidate, position);
                    }
                }
                watch = new ClusterWatch(connector, settings.capture().sourceName(), known);
            }
        } catch (RedisFailureException e) {
            throw new ConnectException("The shards of the cluster cannot be asked: " + e.getMessage(), e);
        }
        watch.look();
        Map<String, ClusterNodes.Member> seen = new TreeMap<>(watch.shards());
        Set<String> names = new TreeSet<>();
        long now = System.nanoTime();
        for (String name : planned) {
            if (seen.containsKey(name)) {
                goneSince.remove(name);
                names.add(name);
            } else if (watch.isRemoved(name) && hasNothing(name)) {
                goneSince.remove(name);
            } else if (now - goneSince.computeIfAbsent(name, gone -> now) < GONE_NANOS) {
                names.add(name);
            }
        }
        seen.forEach((name, master) -> {
            // What gave its slots away while nobody read it has still to be read up to there.
            if (!master.slots().isEmpty() || (planned.isEmpty() && !scans() && !hasNothing(name))) {
                names.add(name);
            }
        });
        return names;
    }

    /** Whether no slot is a shard's as of its stored position. */
    private boolean hasNothing(String name) {
        Position position = stored.apply(name);
        return position == null
                || (position.holdings() != null && position.holdings().own().isEmpty());
    }

    @Override
    public void run() {
        try {
            while (true) {
                boolean changed;
                synchronized (lock) {
                    if (!closed) {
                        lock.wait(LOOK_MILLIS);
                    }
                    if (closed) {
                        return;
                    }
                    changed = !planned.isEmpty() && changed();
                }
                if (changed) {
                    replan.run(); // not under the lock: Connect may hold one of its own that tasks() is called under
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean changed() {
        try {
            Set<String> now = names();
            if (now.equals(planned) || !watch.trouble().isEmpty()) {
                return false;
            }
            log.info("The cluster's shards were {} and are {}.", planned, now);
            return true;
        } catch (ConnectException e) {
            log.debug("The cluster cannot be asked. {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
            if (watch != null) {
                watch.close();
                watch.run(); // closes its connections
            }
        }
    }
}
