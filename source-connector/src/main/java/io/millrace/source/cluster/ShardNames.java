package io.millrace.source.cluster;

import io.millrace.client.ClusterNodes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which master is which shard. A shard is named after the node that was its master when it was first seen, and keeps the
 * name through failovers: a master belongs to a known shard when it goes on with the shard's replication history, has its
 * name for an id, or has the node of that name for a replica. While a shard fails over, two masters may be seen with its history:
 * it is the one that has the slots, and the other is nothing yet. Not thread-safe.
 */
public final class ShardNames {

    private static final String NO_HISTORY = "0000000000000000000000000000000000000000";

    /** The last known histories, by name. */
    private final Map<String, String> histories = new HashMap<>();

    /** Names that were found before, by the master's id. */
    private final Map<String, String> byMaster = new HashMap<>();

    /** A shard that is known from a stored position. */
    public void known(String name, String replicationId) {
        histories.put(name, replicationId);
    }

    /**
     * Names the masters of a cluster.
     *
     * @param info the fields of a master's INFO replication, or none if it does not answer: then only what is known from
     *     before can name it
     */
    public Map<String, ClusterNodes.Member> name(
            ClusterNodes nodes, Function<ClusterNodes.Member, Map<String, String>> info) {
        Map<String, ClusterNodes.Member> named = new LinkedHashMap<>();
        List<ClusterNodes.Member> masters = nodes.masters();
        Map<ClusterNodes.Member, String> found = new LinkedHashMap<>();
        Set<ClusterNodes.Member> silent = new HashSet<>();
        for (ClusterNodes.Member master : masters) {
            String before = byMaster.get(master.id());
            Map<String, String> fields = before == null ? info.apply(master) : Map.of();
            if (before == null && fields.isEmpty()) {
                silent.add(master);
                continue;
            }
            String name = before != null ? before : byHistory(fields).orElse(null);
            ClusterNodes.Member other = name == null ? null : named.get(name);
            if (other != null && master.slots().isEmpty()) {
                silent.add(master);
            } else if (name != null && (other == null || other.slots().isEmpty())) {
                if (other != null) {
                    found.remove(other);
                    byMaster.remove(other.id());
                    silent.add(other);
                }
                named.put(name, master);
                found.put(master, name);
                byMaster.put(master.id(), name);
            }
        }
        for (ClusterNodes.Member master : masters) {
            if (!found.containsKey(master) && !silent.contains(master)) {
                String name = byReplica(nodes, master, named).orElse(master.id());
                name = named.containsKey(name) ? master.id() + "-2" : name;
                named.put(name, master);
                byMaster.put(master.id(), name);
            }
        }
        byMaster.keySet()
                .removeIf(id -> masters.stream().noneMatch(master -> master.id().equals(id)));
        return named;
    }

    private Optional<String> byHistory(Map<String, String> fields) {
        for (String field : List.of("master_replid", "master_replid2")) {
            String history = fields.get(field);
            if (history != null && !history.equals(NO_HISTORY)) {
                for (Map.Entry<String, String> known : histories.entrySet()) {
                    if (known.getValue().equals(history)) {
                        return Optional.of(known.getKey());
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The name of a known shard whose first master is a replica of this one now, or is this one. */
    private Optional<String> byReplica(
            ClusterNodes nodes, ClusterNodes.Member master, Map<String, ClusterNodes.Member> taken) {
        if (histories.containsKey(master.id()) && !taken.containsKey(master.id())) {
            return Optional.of(master.id());
        }
        return nodes.members().stream()
                .filter(member -> master.id().equals(member.masterId()))
                .map(ClusterNodes.Member::id)
                .filter(id -> histories.containsKey(id) && !taken.containsKey(id))
                .findFirst();
    }
}
