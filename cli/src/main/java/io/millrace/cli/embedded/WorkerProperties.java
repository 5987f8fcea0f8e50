package io.millrace.cli.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of the worker.
 *
 * <p>It is a distributed worker with a group of one, not a standalone one: the standalone worker rewrites its offsets
 * file in place and without a sync, so a kill can cut the file and with it the position at the source; the
 * distributed one keeps offsets, connector configs and states in topics of the same broker, which survive a kill
 * as the data does. It is also the only kind that offers exactly-once delivery from sources, and it has the same REST
 * interface as a cluster of the user's own, so that one client serves both.
 */
final class WorkerProperties {
    /** The topic that keeps the connectors' configs and whether they are to run. */
    static final String CONFIG_TOPIC = "millrace-connect-configs";

    /** Room for a record of many changes, or for many records of one. */
    private static final int PRODUCER_BATCH = 512 << 10;

    private static final int PRODUCER_BUFFER = 8 << 20;

    private WorkerProperties() {}

    /**
     * @param group the worker's group: a new one for each start. The configs and offsets are in topics, which do not
     *     depend on it, and a new group need not wait until the member that was killed has timed out.
     */
    static Map<String, String> of(String bootstrapServers, Path plugins, String group) {
        Map<String, String> p = new HashMap<>();
        p.put("bootstrap.servers", bootstrapServers);
        p.put("group.id", group);
        p.put("client.id", "millrace");
        p.put("listeners", "http://" + Loopback.HOST + ":0");
        p.put("plugin.path", plugins.toString());
        // Every plugin here has its manifest; scanning all classes would cost seconds.
        p.put("plugin.discovery", "service_load");
        p.put("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        p.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        for (String store : new String[] {"config", "offset", "status"}) {
            p.put(store + ".storage.topic", "millrace-connect-" + store + "s");
            p.put(store + ".storage.replication.factor", "1");
        }
        p.put("config.storage.topic", CONFIG_TOPIC);
        p.put("offset.storage.partitions", "1");
        p.put("status.storage.partitions", "1");
        p.put("offset.flush.interval.ms", "1000");
        p.put("scheduled.rebalance.max.delay.ms", "0");
        p.put("task.shutdown.graceful.timeout.ms", "10000");
        p.put("connector.client.config.override.policy", "All");
        p.put("config.providers", SessionSecrets.PROVIDER);
        p.put("config.providers." + SessionSecrets.PROVIDER + ".class", SessionSecrets.class.getName());
        // Kafka 4 waits 5 ms for more before it sends; what comes while a request is on its way gathers anyway.
        p.put("producer.linger.ms", "0");
        // One request at a time: while it is on its way, what comes gathers into one that costs the broker no more.
        p.put("producer.max.in.flight.requests.per.connection", "1");
        p.put("producer.batch.size", String.valueOf(PRODUCER_BATCH));
        // Every byte that waits here keeps its change in memory as well, as a struct four times its size.
        p.put("producer.buffer.memory", String.valueOf(PRODUCER_BUFFER));
        // The log directory is locked by this process, so no member of an earlier run can be alive.
        p.put("consumer.session.timeout.ms", "10000");
        p.put("consumer.heartbeat.interval.ms", "1000");
        return p;
    }
}
