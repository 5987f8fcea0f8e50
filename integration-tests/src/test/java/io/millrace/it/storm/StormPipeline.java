package io.millrace.it.storm;

import io.millrace.it.pipeline.Converters;
import io.millrace.redis.local.LocalServer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The two connectors of one storm.
 *
 * @param name of the topic, and from which the connectors have theirs
 * @param spool the directory of the source's spool
 */
record StormPipeline(String name, Path spool, ConnectWorkers workers) {

    /** Small, so that what a broker of a few seconds ago did not take goes to the spool's files. */
    private static final String QUEUE_BYTES = "1048576";

    String source() {
        return name + "-source";
    }

    String sink() {
        return name + "-sink";
    }

    List<String> connectors() {
        return List.of(source(), sink());
    }

    void start(ReplicatedServer from, StormDestination to, Map<String, String> extraForSink) {
        workers.put(source(), sourceConfig(from));
        Map<String, String> sink = sinkConfig(to);
        sink.putAll(extraForSink);
        workers.put(sink(), sink);
    }

    private Map<String, String> sourceConfig(ReplicatedServer from) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.put("connector.class", "io.millrace.source.RedisSourceConnector");
        config.put("tasks.max", "1");
        config.put("topic", name);
        config.put("redis.hosts", LocalServer.HOST + ":" + from.port());
        config.put("redis.connect.timeout.ms", "2000");
        config.put("record.grouping", "batch");
        config.put("record.max.bytes", "65536");
        config.put("heartbeat.interval.ms", "2000");
        config.put("producer.override.buffer.memory", QUEUE_BYTES);
        config.put("queue.max.bytes", QUEUE_BYTES);
        config.put("spool.memory.bytes", QUEUE_BYTES);
        config.put("spool.max.bytes", "134217728");
        config.put("spool.directory", spool.toString());
        config.put("topic.creation.default.partitions", "1");
        config.put("topic.creation.default.replication.factor", "1");
        return config;
    }

    private Map<String, String> sinkConfig(StormDestination to) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.put("connector.class", "io.millrace.sink.RedisSinkConnector");
        config.put("tasks.max", "1");
        config.put("topics", name);
        config.put("redis.connect.timeout.ms", "2000");
        config.put("redis.read.timeout.ms", "4000");
        config.put("consumer.override.session.timeout.ms", "3000");
        config.put("consumer.override.heartbeat.interval.ms", "500");
        config.put("consumer.override.isolation.level", "read_committed");
        config.putAll(to.sinkConfig());
        return config;
    }

    void delete() {
        workers.delete(sink());
        workers.delete(source());
    }
}
