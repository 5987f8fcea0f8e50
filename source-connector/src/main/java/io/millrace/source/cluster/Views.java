package io.millrace.source.cluster;

import io.millrace.client.ClusterNodes;
import java.util.Map;

/**
 * Which node is to be believed about its cluster. One that was removed (CLUSTER FORGET) or reset goes on answering: as it saw
 * the cluster then, or as if it were alone.
 */
final class Views {

    private Views() {}

    /**
     * @param seen what a node says
     * @param others what the masters that it names say, by id, those that answer
     */
    static boolean isBelievable(ClusterNodes seen, Map<String, ClusterNodes> others) {
        ClusterNodes.Member asked = seen.myself();
        if (seen.masters().stream().allMatch(master -> master.slots().isEmpty())) {
            return false;
        }
        long know = 0;
        long ask = 0;
        for (Map.Entry<String, ClusterNodes> other : others.entrySet()) {
            boolean serves = !other.getValue().myself().slots().isEmpty();
            if (serves && !other.getKey().equals(asked.id())) {
                ask++;
                know += other.getValue().find(asked.id()).isPresent() ? 1 : 0;
            }
        }
        return !asked.slots().isEmpty() || ask == 0 || 2 * know >= ask;
    }
}
