package io.millrace.source.config;

import io.millrace.config.Finding;
import io.millrace.config.RedisSettings;
import io.millrace.slot.HashSlot;
import io.millrace.source.assemble.EntryFormat;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/**
 * What is captured and how it is shown.
 *
 * @param topic the one topic of the source
 * @param sourceName the name under which positions are stored, independent of the address
 * @param readFrom which of the servers behind sentinels is read from, or which of a shard's in a scan of a cluster
 * @param mode by replication or by a scan
 * @param heartbeat the longest time that an idle source leaves the stored offset behind; zero for no heartbeats
 * @param tags go into every event
 * @param partitions of the topic, over which the slots of a cluster are spread
 */
public record CaptureSettings(
        String topic,
        String sourceName,
        EntryFormat entryFormat,
        ResyncPolicy resyncPolicy,
        ReadFrom readFrom,
        CaptureMode mode,
        Duration heartbeat,
        Map<String, String> tags,
        int partitions) {

    public static final String TOPIC = "topic";
    public static final String TOPIC_PARTITIONS = "topic.partitions";
    public static final String SOURCE_NAME = "source.name";
    public static final String ENTRY_FORMAT = "entry.format";
    public static final String RESYNC_POLICY = "resync.policy";
    public static final String MODE = "capture.mode";
    public static final String READ_FROM = "read.from";
    public static final String HEARTBEAT_INTERVAL_MS = "heartbeat.interval.ms";
    public static final String TAGS = "tags";

    private static final String MASTER = "master";
    private static final String REPLICATE = "replicate";
    private static final String GROUP = "Capture";
    private static final ConfigDef.NonEmptyStringWithoutControlChars NAME =
            ConfigDef.NonEmptyStringWithoutControlChars.nonEmptyStringWithoutControlChars();

    static void addTo(ConfigDef def) {
        int order = 0;
        def.define(
                TOPIC,
                Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                NAME,
                Importance.HIGH,
                "The topic of this source. All records of a single server go to partition 0, because its commands have one"
                        + " order; those of a cluster are spread by slot.",
                GROUP,
                ++order,
                Width.MEDIUM,
                "Topic");
        def.define(
                TOPIC_PARTITIONS,
                Type.INT,
                12,
                ConfigDef.Range.between(1, HashSlot.COUNT),
                Importance.MEDIUM,
                "How many partitions the topic of a cluster has, over which the hash slots are spread by ranges: slot *"
                        + " partitions / 16384. The topic must have exactly as many, and neither number may change later. Of no"
                        + " effect with a single server.",
                GROUP,
                ++order,
                Width.SHORT,
                "Partitions");
        def.define(
                SOURCE_NAME,
                Type.STRING,
                "",
                Importance.MEDIUM,
                "The name under which the position in the source is stored. It stays the same when the source's address"
                        + " changes, so that the connector goes on. Empty takes the topic's name.",
                GROUP,
                ++order,
                Width.MEDIUM,
                "Source name");
        def.define(
                ENTRY_FORMAT,
                Type.STRING,
                "dump",
                ConfigDef.ValidString.in("dump", "typed", "both"),
                Importance.MEDIUM,
                "How the snapshot carries values: as the payload that DUMP gives, in typed form, or both. A destination of"
                        + " an older version than the source takes either.",
                GROUP,
                ++order,
                Width.SHORT,
                "Entry format");
        def.define(
                RESYNC_POLICY,
                Type.STRING,
                "resync",
                ConfigDef.ValidString.in("resync", "fail"),
                Importance.MEDIUM,
                "What happens when the source cannot continue from the stored position, because its backlog no longer holds"
                        + " it: a full copy as a new generation, or a failed task.",
                GROUP,
                ++order,
                Width.SHORT,
                "Resync policy");
        def.define(
                MODE,
                Type.STRING,
                REPLICATE,
                ConfigDef.ValidString.in(REPLICATE, "scan"),
                Importance.MEDIUM,
                "How the source is read. replicate joins it as a replica: a copy, then every change. scan copies it with SCAN"
                        + " and DUMP, or with the reads of each type, where replication is not permitted or a proxy is in"
                        + " between; changes are not followed, and what is written during the scan may be missed.",
                GROUP,
                ++order,
                Width.SHORT,
                "Capture mode");
        def.define(
                READ_FROM,
                Type.STRING,
                MASTER,
                ConfigDef.ValidString.in(MASTER, "replica", "prefer-replica"),
                Importance.MEDIUM,
                "With redis.topology=sentinel: which server is read from, the master, a replica, or a replica as long as"
                        + " there is one that is well. The connector goes from one to another without a new copy. With"
                        + " redis.topology=cluster only capture.mode=scan can read from replicas. With"
                        + " redis.topology=standalone the server that is named is read from, whatever its role.",
                GROUP,
                ++order,
                Width.SHORT,
                "Read from");
        def.define(
                HEARTBEAT_INTERVAL_MS,
                Type.INT,
                10_000,
                ConfigDef.Range.between(0, 86_400_000),
                Importance.LOW,
                "How often an idle source may produce a heartbeat, in milliseconds. Heartbeats carry the stored offset along"
                        + " with the source's pings. 0 for none.",
                GROUP,
                ++order,
                Width.SHORT,
                "Heartbeat interval");
        def.define(
                TAGS,
                Type.LIST,
                List.of(),
                ConfigDef.LambdaValidator.with(
                        (name, value) -> tags((List<?>) value), () -> "name=value[,name=value...]"),
                Importance.LOW,
                "Tags that every event carries, such as environment=production.",
                GROUP,
                ++order,
                Width.LONG,
                "Tags");
    }

    static CaptureSettings of(AbstractConfig config) {
        String topic = config.getString(TOPIC);
        String name = config.getString(SOURCE_NAME);
        return new CaptureSettings(
                topic,
                name.isEmpty() ? topic : name,
                EntryFormat.valueOf(config.getString(ENTRY_FORMAT).toUpperCase(Locale.ROOT)),
                ResyncPolicy.valueOf(config.getString(RESYNC_POLICY).toUpperCase(Locale.ROOT)),
                ReadFrom.valueOf(
                        config.getString(READ_FROM).toUpperCase(Locale.ROOT).replace('-', '_')),
                CaptureMode.valueOf(config.getString(MODE).toUpperCase(Locale.ROOT)),
                Duration.ofMillis(config.getInt(HEARTBEAT_INTERVAL_MS)),
                tags(config.getList(TAGS)),
                config.getInt(TOPIC_PARTITIONS));
    }

    /** Options that are fine by themselves and not together. */
    static List<Finding> contradictions(Map<String, ?> values) {
        Object topology = values.get(RedisSettings.TOPOLOGY);
        boolean cluster = "cluster".equals(topology);
        if (values.get(READ_FROM).equals(MASTER)
                || "sentinel".equals(topology)
                || (cluster && values.get(MODE).equals("scan"))) {
            return List.of();
        }
        if (cluster) {
            return List.of(new Finding(
                    READ_FROM + " is " + values.get(READ_FROM) + " and " + RedisSettings.TOPOLOGY + " is " + topology
                            + ": the shards of a cluster are replicated from their masters, at which they see what"
                            + " others have when slots move; leave " + READ_FROM + " out, or set " + MODE
                            + "=scan for a copy from replicas.",
                    READ_FROM,
                    RedisSettings.TOPOLOGY));
        }
        return List.of(new Finding(
                READ_FROM + " is " + values.get(READ_FROM) + " and " + RedisSettings.TOPOLOGY + " is " + topology
                        + ": only sentinels say where replicas are; to read from a single replica, name it in "
                        + RedisSettings.HOSTS + " and leave " + READ_FROM + " out.",
                READ_FROM,
                RedisSettings.TOPOLOGY));
    }

    private static Map<String, String> tags(List<?> list) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Object each : list) {
            String tag = (String) each;
            int equals = tag.indexOf('=');
            if (equals < 1
                    || tags.put(
                                    tag.substring(0, equals).strip(),
                                    tag.substring(equals + 1).strip())
                            != null) {
                throw new ConfigException(TAGS + ": '" + tag
                        + "' is not a tag that is there once: write environment=production,team=search.");
            }
        }
        return tags;
    }
}
