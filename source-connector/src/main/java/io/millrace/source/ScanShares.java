package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.client.ClusterNodes;
import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Which shard's scan answers for which slots of a cluster: each slot has one, wherever it goes while it is scanned. That is
 * decided once, since no task sees what the others do. What a stored position says is never changed.
 */
final class ScanShares {

    private ScanShares() {}

    /** The slots that a stored position of a scan answers for; null for any other. */
    static SlotSet stored(Position position) {
        return position == null || position.holdings() == null || !position.isScan()
                ? null
                : position.holdings().own();
    }

    /**
     * The slots of each shard that is to be scanned, or was.
     *
     * @param shards the masters by the names of their shards
     * @param positions what Connect has of them
     * @throws ConnectException when a slot can be given to none
     */
    static Map<String, SlotSet> of(Map<String, ClusterNodes.Member> shards, Map<String, Position> positions) {
        Map<String, SlotSet> shares = new TreeMap<>();
        SlotSet left = SlotSet.ALL;
        for (String name : shards.keySet()) {
            SlotSet stored = stored(positions.get(name));
            if (stored != null) {
                shares.put(name, stored);
                left = left.minus(stored);
            }
        }
        List<String> unbegun = new ArrayList<>();
        SlotSet served = SlotSet.NONE;
        for (Map.Entry<String, ClusterNodes.Member> shard : new TreeMap<>(shards).entrySet()) {
            SlotSet slots = shard.getValue().slots();
            served = served.union(slots);
            if (!shares.containsKey(shard.getKey()) && !slots.isEmpty()) {
                unbegun.add(shard.getKey());
                shares.put(shard.getKey(), slots.intersect(left));
                left = left.minus(slots);
            }
        }
        if (!served.containsAll(SlotSet.ALL)) {
            throw new ConnectException("The slots " + SlotSet.ALL.minus(served)
                    + " of the cluster have no master now, so that their keys cannot be scanned: see CLUSTER NODES, and"
                    + " redis-cli --cluster fix.");
        }
        if (left.isEmpty()) {
            return shares;
        }
        if (unbegun.isEmpty()) {
            throw new ConnectException(
                    "The slots " + left + " were scanned by a shard that has left the cluster, and how far"
                            + " is not known. If its scan was complete remove the connector; if not, delete the connector's"
                            + " offsets to begin anew.");
        }
        shares.merge(unbegun.get(0), left, SlotSet::union);
        return shares;
    }

    /** The form in which a task is told. */
    static String text(Map<String, SlotSet> shares) {
        return shares.entrySet().stream()
                .map(share -> share.getKey() + "=" + share.getValue())
                .collect(Collectors.joining(";"));
    }

    /** Reads what {@link #text} gave. */
    static Map<String, SlotSet> parse(String text) {
        Map<String, SlotSet> shares = new HashMap<>();
        for (String share : text.split(";")) {
            int equals = share.indexOf('=');
            shares.put(share.substring(0, equals), SlotSet.parse(share.substring(equals + 1)));
        }
        return shares;
    }
}
