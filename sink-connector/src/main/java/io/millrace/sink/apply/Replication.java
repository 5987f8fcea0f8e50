package io.millrace.sink.apply;

import io.millrace.client.ServerInfo;
import java.util.Map;

/**
 * What a node says of its replication (INFO replication).
 *
 * @param master whether it is one
 * @param id of its history: another one after every failover, even one that a node has won back (replication.c,
 *     changeReplicationId)
 * @param online replicas that get its writes as they come
 */
record Replication(boolean master, String id, int online) {

    static Replication parse(byte[] info) {
        Map<String, String> fields = ServerInfo.parse(info).fields();
        int online = 0;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            boolean replica =
                    field.getKey().startsWith("slave") && field.getValue().startsWith("ip=");
            online += replica && field.getValue().contains("state=online") ? 1 : 0;
        }
        return new Replication("master".equals(fields.get("role")), fields.getOrDefault("master_replid", ""), online);
    }
}
