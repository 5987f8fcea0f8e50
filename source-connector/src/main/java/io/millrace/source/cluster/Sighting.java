package io.millrace.source.cluster;

import io.millrace.client.ClusterNodes;
import io.millrace.endpoint.Address;
import io.millrace.slot.SlotSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What a shard's master said of itself, last.
 *
 * @param shard the shard's name
 * @param masterId the master's node id
 * @param slots that it serves, by its own word
 * @param moving slots of which it says that they are on their way, to it or from it, key by key
 * @param epoch its configuration epoch: whoever takes a slot over has a greater one than any owner before
 * @param replicationId its history
 * @param offset its replication offset, read after the slots
 * @param acknowledged offsets that replicas have acknowledged, by the address that they announced
 * @param round in which it was seen
 */
public record Sighting(
        String shard,
        String masterId,
        Address address,
        SlotSet slots,
        SlotSet moving,
        long epoch,
        String replicationId,
        long offset,
        Map<String, Long> acknowledged,
        long round) {

    /**
     * Reads what a master says.
     *
     * @param address where it was asked
     * @param myself its own line of CLUSTER NODES
     * @param info its INFO replication
     */
    static Sighting of(
            String shard, Address address, ClusterNodes.Member myself, Map<String, String> info, long round) {
        Map<String, Long> acknowledged = new HashMap<>();
        info.forEach((field, value) -> {
            if (field.startsWith("slave") && value.startsWith("ip=")) {
                acknowledged.put(part(value, "ip="), Long.parseLong(part(value, "offset=")));
            }
        });
        return new Sighting(
                shard,
                myself.id(),
                address,
                myself.slots(),
                myself.moving(),
                myself.epoch(),
                info.getOrDefault("master_replid", ""),
                Long.parseLong(info.getOrDefault("master_repl_offset", "0")),
                acknowledged,
                round);
    }

    /**
     * How far the link is that announces an address which begins like this and ends with a generation. A link that was left
     * may still be there for a while.
     */
    Progress progress(String announced) {
        Progress latest = Progress.NONE;
        for (Map.Entry<String, Long> replica : acknowledged.entrySet()) {
            if (replica.getKey().startsWith(announced)) {
                int generation = Integer.parseInt(replica.getKey().substring(announced.length()));
                if (generation >= latest.generation()) {
                    latest = new Progress(generation, replica.getValue());
                }
            }
        }
        return latest;
    }

    /** {@code ip=10.0.0.5,port=6380,state=online,offset=1234,lag=0} */
    private static String part(String line, String name) {
        int at = line.indexOf(name);
        int comma = line.indexOf(',', at);
        return at < 0 ? "0" : line.substring(at + name.length(), comma < 0 ? line.length() : comma);
    }
}
