package io.millrace.sink.config;

import io.millrace.config.Finding;
import io.millrace.config.RedisSettings;
import io.millrace.endpoint.Topology;
import io.millrace.sink.apply.ApplySettings;
import io.millrace.sink.plan.DatabaseMap;
import io.millrace.sink.plan.ExpiryPolicy;
import io.millrace.sink.plan.GhostSettings;
import io.millrace.sink.plan.PlanSettings;
import io.millrace.sink.plan.PlanSettings.ConflictPolicy;
import io.millrace.sink.plan.PlanSettings.CrossSlot;
import io.millrace.sink.plan.UnsupportedPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** The declaration of the sink connector's options, and their parsing. */
public final class SinkConfig {

    public static final String DATABASE_MAP = "database.map";
    public static final String DELIVERY = "delivery.semantics";
    public static final String CONFLICT_POLICY = "conflict.policy";
    public static final String CROSS_SLOT = "cross.slot";
    public static final String GHOSTS = "resync.ghosts";
    public static final String GHOSTS_MAX_KEYS = "resync.ghosts.max.keys";
    public static final String EXPIRY_POLICY = "expiry.policy";
    public static final String UNSUPPORTED = "unsupported.values";
    public static final String PUBLISH = "publish.enabled";
    public static final String TRANSACTION_MAX_BYTES = "transaction.max.bytes";
    public static final String REPLAY_UNTIL = "replay.until";
    public static final String BATCH_MAX_COMMANDS = "batch.max.commands";
    public static final String BATCH_MAX_BYTES = "batch.max.bytes";
    public static final String IN_FLIGHT_MAX_COMMANDS = "in.flight.max.commands";
    public static final String IN_FLIGHT_MAX_BYTES = "in.flight.max.bytes";
    public static final String BUFFER_MAX_CHANGES = "buffer.max.changes";
    public static final String BUFFER_MAX_BYTES = "buffer.max.bytes";
    public static final String RETRY_CONNECTION_MS = "retry.connection.ms";
    public static final String RETRY_OTHER_MS = "retry.other.ms";

    /** Set by the connector in the configuration of its tasks. */
    static final String TASK = "millrace.task";

    private static final String APPLYING = "Applying";
    private static final String BATCHES = "Batches and buffers";
    private static final String RETRIES = "Retries";

    private SinkConfig() {}

    /** All options. */
    public static ConfigDef def() {
        ConfigDef def = RedisSettings.addTo(new ConfigDef(), Topology.STANDALONE, Topology.CLUSTER, Topology.SENTINEL);
        applying(def);
        batches(def);
        retries(def);
        def.defineInternal(TASK, Type.STRING, "0", Importance.LOW);
        return def;
    }

    private static void applying(ConfigDef def) {
        int order = 0;
        def.define(
                DELIVERY,
                Type.STRING,
                DeliverySemantics.EFFECTIVELY_ONCE.text(),
                ValidString.in(DeliverySemantics.EFFECTIVELY_ONCE.text(), DeliverySemantics.AT_LEAST_ONCE.text()),
                Importance.HIGH,
                "What is promised about changes whose applying is interrupted. effectively-once: each is applied once. The"
                        + " destination keeps, under keys that begin with __millrace:checkpoint:, how far it is, in the same"
                        + " transactions as the data, and a later sink takes over from an earlier one. at-least-once: nothing is"
                        + " lost, and what follows the consumer group's last commit may be applied twice.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Delivery semantics");
        def.define(
                DATABASE_MAP,
                Type.STRING,
                "",
                described("source:destination[,...]", SinkConfig::checkMap),
                Importance.MEDIUM,
                "Databases that get another number at the destination, such as 1:0,2:5. The others keep theirs. Several may"
                        + " get one number, if their keys do not collide. A cluster has only database 0.",
                APPLYING,
                ++order,
                Width.MEDIUM,
                "Database map");
        def.define(
                CONFLICT_POLICY,
                Type.STRING,
                "overwrite",
                ValidString.in("overwrite", "skip", "fail"),
                Importance.HIGH,
                "What becomes of a snapshot entry whose key the destination has already. overwrite: the key gets the entry's"
                        + " value. skip: the key keeps its own, and commands that follow are applied to that. fail: the entry is"
                        + " refused. With skip and fail the task stops when the source has to send another snapshot, since"
                        + " nobody could tell the sink's own keys from those of others.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Conflict policy");
        def.define(
                CROSS_SLOT,
                Type.STRING,
                "fail",
                ValidString.in("fail", "split", "copy"),
                Importance.HIGH,
                "What becomes of what a cluster does not execute because its keys are in several hash slots. Commands that can be"
                        + " divided without a difference (DEL, UNLINK, TOUCH, MSET, MSETNX, MSETEX) are, whatever is set here."
                        + " fail: other commands and transactions (MULTI…EXEC, or the effects of a script) are refused. split:"
                        + " the commands of each slot are a transaction of their own, and a reader may see one before the other;"
                        + " a command that cannot be divided (RENAME, SUNIONSTORE, BITOP) is refused. copy: as split, and a"
                        + " command that cannot be divided is executed on copies of its keys in one slot, and what it leaves is"
                        + " put in the keys' places: exact and in order, at the cost of about ten round trips and of the"
                        + " values passing through the sink. millrace migrate sets copy.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Across slots");
        def.define(
                GHOSTS,
                Type.STRING,
                "remove",
                ValidString.in("remove", "keep", "report"),
                Importance.HIGH,
                "What becomes of keys that the destination has and a new snapshot of the source does not bring: they were deleted"
                        + " while the link was broken, or somebody else wrote them. remove: they are removed at the end of the"
                        + " snapshot, from every database that the source's databases go to; these databases then belong to the"
                        + " source alone. keep: nobody looks for them. report: they are counted and stay. The first snapshot"
                        + " that a destination gets removes nothing.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Keys that a new snapshot does not bring");
        def.define(
                GHOSTS_MAX_KEYS,
                Type.LONG,
                100_000_000L,
                Range.between(1L, 1L << 34),
                Importance.LOW,
                "Up to how many keys of a new snapshot the task remembers to find the others, with 11 to 22 bytes of memory for"
                        + " each. With more the task stops.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Remembered keys of a snapshot");
        def.define(
                EXPIRY_POLICY,
                Type.STRING,
                "exact",
                ValidString.in("exact", "source"),
                Importance.MEDIUM,
                "When keys die at the destination. exact: at their time, by the destination's clock; a time that is applied late is"
                        + " put off until the sink has caught up, because the log may hold what has renewed the key. source: when"
                        + " the source's deletion arrives; all times are put off by 2^46 ms until millrace finish. So no key is"
                        + " lost that the source renews while the destination or the sink is away.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Expiry policy");
        def.define(
                UNSUPPORTED,
                Type.STRING,
                "fail",
                ValidString.in("fail", "skip", "degrade"),
                Importance.HIGH,
                "What becomes of what cannot exist at a destination that is older than the source or of the other family, such as"
                        + " expiries of hash fields, vector sets and functions. Whatever can exist is given the destination's form"
                        + " without being asked. fail: the change is refused. degrade: the change is applied without what cannot"
                        + " exist, or left out when nothing is left. skip: the change is left out. Both count it and note its keys"
                        + " (millrace dirty).",
                APPLYING,
                ++order,
                Width.SHORT,
                "Unsupported values");
        def.define(
                PUBLISH,
                Type.BOOLEAN,
                false,
                Importance.LOW,
                "Whether PUBLISH and SPUBLISH are passed on to the destination's subscribers.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Publish messages");
        def.define(
                TRANSACTION_MAX_BYTES,
                Type.LONG,
                64L << 20,
                Range.between(1L << 10, 1L << 30),
                Importance.LOW,
                "Up to which size a transaction is kept together, and so in memory. A larger one is applied in pieces of this"
                        + " size, in order.",
                APPLYING,
                ++order,
                Width.SHORT,
                "Largest transaction");
        def.define(
                REPLAY_UNTIL,
                Type.STRING,
                "",
                described("topic-partition:offset[,...]", value -> ReplayUntil.parse((String) value)),
                Importance.LOW,
                "Where the sink ends: the first offset of each partition that is not applied. What comes after stays in the topic"
                        + " until the option is taken away. millrace replay --until-offset and --until-time set it.",
                APPLYING,
                ++order,
                Width.LONG,
                "Last offsets");
    }

    private static void batches(ConfigDef def) {
        int order = 0;
        def.define(
                BATCH_MAX_COMMANDS,
                Type.INT,
                1000,
                Range.between(1, 100_000),
                Importance.MEDIUM,
                "Commands applied before the next are begun. On a standalone destination, a batch in which a key comes twice is"
                        + " one transaction.",
                BATCHES,
                ++order,
                Width.SHORT,
                "Commands in a batch");
        def.define(
                BATCH_MAX_BYTES,
                Type.LONG,
                8L << 20,
                Range.between(1L << 10, 1L << 30),
                Importance.LOW,
                "The same in bytes. A single larger command is a batch of its own.",
                BATCHES,
                ++order,
                Width.SHORT,
                "Bytes in a batch");
        def.define(
                IN_FLIGHT_MAX_COMMANDS,
                Type.INT,
                1000,
                Range.between(1, 100_000),
                Importance.LOW,
                "Commands sent on one connection before their replies are read.",
                BATCHES,
                ++order,
                Width.SHORT,
                "Unanswered commands");
        def.define(
                IN_FLIGHT_MAX_BYTES,
                Type.LONG,
                4L << 20,
                Range.between(1L << 10, 1L << 30),
                Importance.LOW,
                "The same in bytes.",
                BATCHES,
                ++order,
                Width.SHORT,
                "Unanswered bytes");
        def.define(
                BUFFER_MAX_CHANGES,
                Type.INT,
                50_000,
                Range.between(1, 10_000_000),
                Importance.MEDIUM,
                "Changes taken from Kafka and not applied yet. Beyond it the task takes no more; one poll of the consumer may"
                        + " exceed it.",
                BATCHES,
                ++order,
                Width.SHORT,
                "Buffered changes");
        def.define(
                BUFFER_MAX_BYTES,
                Type.LONG,
                64L << 20,
                Range.between(1L << 20, 1L << 40),
                Importance.MEDIUM,
                "The same in bytes.",
                BATCHES,
                ++order,
                Width.SHORT,
                "Buffered bytes");
    }

    private static void retries(ConfigDef def) {
        int order = 0;
        def.define(
                RETRY_CONNECTION_MS,
                Type.LONG,
                Duration.ofHours(12).toMillis(),
                Range.atLeast(0),
                Importance.MEDIUM,
                "For how long the destination may be away (unreachable, loading, without a master, read-only) before the task"
                        + " fails. Nothing is lost when it does: restart it.",
                RETRIES,
                ++order,
                Width.SHORT,
                "Retry connections");
        def.define(
                RETRY_OTHER_MS,
                Type.LONG,
                Duration.ofMinutes(10).toMillis(),
                Range.atLeast(0),
                Importance.MEDIUM,
                "The same for other failures that can pass, such as a slot that is moved or a server that cannot save. Lack of"
                        + " memory is waited for without a limit.",
                RETRIES,
                ++order,
                Width.SHORT,
                "Retry others");
    }

    /** The properties of a task. */
    public static Map<String, String> ofTask(Map<String, String> connector, int task) {
        Map<String, String> properties = new LinkedHashMap<>(connector);
        properties.put(TASK, Integer.toString(task));
        return properties;
    }

    /** @throws ConfigException with a sentence that names the option */
    public static SinkSettings parse(Map<String, String> properties) {
        AbstractConfig config = new AbstractConfig(def(), properties, false);
        List<Finding> findings = Contradictions.between(new HashMap<>(config.values()), properties);
        if (!findings.isEmpty()) {
            throw new ConfigException(findings.get(0).sentence());
        }
        return new SinkSettings(
                properties.getOrDefault("name", "millrace-sink"),
                config.getString(TASK),
                RedisSettings.endpoint(config),
                DeliverySemantics.parse(config.getString(DELIVERY)),
                new PlanSettings(
                        DatabaseMap.parse(config.getString(DATABASE_MAP)),
                        CrossSlot.valueOf(upper(config.getString(CROSS_SLOT))),
                        ConflictPolicy.valueOf(upper(config.getString(CONFLICT_POLICY))),
                        new GhostSettings(
                                GhostSettings.Policy.valueOf(upper(config.getString(GHOSTS))),
                                config.getLong(GHOSTS_MAX_KEYS)),
                        ExpiryPolicy.valueOf(upper(config.getString(EXPIRY_POLICY))),
                        UnsupportedPolicy.valueOf(upper(config.getString(UNSUPPORTED))),
                        config.getBoolean(PUBLISH),
                        config.getLong(TRANSACTION_MAX_BYTES)),
                new ApplySettings(
                        Duration.ofMillis(config.getLong(RETRY_CONNECTION_MS)),
                        Duration.ofMillis(config.getLong(RETRY_OTHER_MS)),
                        config.getInt(IN_FLIGHT_MAX_COMMANDS),
                        config.getLong(IN_FLIGHT_MAX_BYTES)),
                new BatchSettings(
                        config.getInt(BATCH_MAX_COMMANDS),
                        config.getLong(BATCH_MAX_BYTES),
                        config.getInt(BUFFER_MAX_CHANGES),
                        config.getLong(BUFFER_MAX_BYTES)),
                ReplayUntil.parse(config.getString(REPLAY_UNTIL)));
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static void checkMap(Object value) {
        DatabaseMap.parse((String) value);
    }

    private static Validator described(String description, Consumer<Object> check) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    try {
                        check.accept(value);
                    } catch (IllegalArgumentException e) {
                        throw new ConfigException(name + ": " + e.getMessage() + ".");
                    }
                },
                () -> description);
    }
}
