package io.millrace.expiry;

import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.HashSlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * Looks through a destination for deferred expiries and puts the exact ones in their place. Each key is written only if nobody
 * has touched it since its expiry was read (WATCH), so that this may run beside whoever writes. Uses connections of its own;
 * belongs to one thread.
 */
public final class ExpirySettler {

    /** Waits after a batch, or ends the pass. */
    public interface Pace {
        /**
         * @param nanos that the batch has taken
         * @return false when the pass is to end here
         */
        boolean next(long nanos) throws InterruptedException;
    }

    private static final byte[] START = {'0'};
    private static final String KEYS_A_BATCH = "500";

    /** In what INFO says of a database, such as {@code keys=7,expires=0,avg_ttl=0}. */
    private static final String NO_EXPIRIES = ",expires=0,";

    private final NodeConnector connector;
    private final LongPredicate due;
    private final Pace pace;
    private long settled;
    private long left;

    /** @param due whether an exact expiry, in milliseconds since the epoch, may take its place now */
    public ExpirySettler(NodeConnector connector, LongPredicate due, Pace pace) {
        this.connector = connector;
        this.due = due;
        this.pace = pace;
    }

    /** Keys whose exact expiry was put in its place, in all passes. */
    public long settled() {
        return settled;
    }

    /** Deferred expiries that the last pass has left: not due, or written to at the same time. */
    public long left() {
        return left;
    }

    /**
     * Looks through all masters once.
     *
     * @return false when it was ended before
     * @throws RedisFailureException when a node is lost or refuses; another pass may follow
     */
    public boolean pass() throws InterruptedException {
        left = 0;
        for (Address master : masters()) {
            for (int db : databases(master)) {
                try (Node node = connector.open(master)) {
                    if (db != 0) {
                        node.call("SELECT", Integer.toString(db));
                    }
                    if (!database(
                            new SettlingNode(node, ServerInfo.of(node).version().isAtLeast(7, 0)))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private Collection<Address> masters() {
        if (connector.endpoint().topology() != Topology.CLUSTER) {
            return Set.of(connector.server());
        }
        RedisFailureException last = null;
        for (Address seed : connector.endpoint().addresses()) {
            try (Node node = connector.open(seed)) {
                return ClusterLayout.of(node).masters();
            } catch (RedisFailureException e) {
                last = e;
            }
        }
        throw last;
    }

    /** Those in which any key has an expiry. */
    private Set<Integer> databases(Address master) {
        Set<Integer> databases = new TreeSet<>();
        try (Node node = connector.open(master)) {
            ServerInfo.of(node).fields().forEach((field, value) -> {
                if (field.startsWith("db")
                        && field.length() > 2
                        && field.chars().skip(2).allMatch(Character::isDigit)
                        && !value.contains(NO_EXPIRIES)) {
                    databases.add(Integer.parseInt(field.substring(2)));
                }
            });
        }
        return databases;
    }

    private boolean database(SettlingNode node) throws InterruptedException {
        byte[] cursor = START;
        do {
            long begun = System.nanoTime();
            List<?> reply = (List<?>) node.scan(cursor, KEYS_A_BATCH);
            cursor = (byte[]) reply.get(0);
            settle(node, node.deferred((List<?>) reply.get(1)));
            if (!pace.next(System.nanoTime() - begun)) {
                return false;
            }
        } while (!Arrays.equals(cursor, START));
        return true;
    }

    private void settle(SettlingNode node, List<byte[]> keys) {
        if (connector.endpoint().topology() != Topology.CLUSTER) {
            group(node, keys);
            return;
        }
        Map<Integer, List<byte[]>> slots = new LinkedHashMap<>();
        for (byte[] key : keys) {
            slots.computeIfAbsent(HashSlot.of(key), slot -> new ArrayList<>()).add(key);
        }
        for (List<byte[]> slot : slots.values()) {
            group(node, slot);
        }
    }

    private void group(SettlingNode node, List<byte[]> keys) {
        if (keys.isEmpty()) {
            return;
        }
        long done = node.settle(keys, due);
        settled += done;
        left += keys.size() - done;
    }
}
