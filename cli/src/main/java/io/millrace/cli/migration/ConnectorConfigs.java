package io.millrace.cli.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.credentials.ProviderLogin;
import io.millrace.cli.embedded.SessionSecrets;
import io.millrace.cli.options.Side;
import io.millrace.config.CredentialSettings;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.TlsSettings;
import io.millrace.endpoint.Topology;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The two connector configs of a migration, as they are posted to Connect. */
public final class ConnectorConfigs {
    static final String SOURCE_CLASS = "io.millrace.source.RedisSourceConnector";
    public static final String SINK_CLASS = "io.millrace.sink.RedisSinkConnector";

    private static final String CONVERTER_CLASS = "io.millrace.converter.MillraceAvroConverter";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Bytes on either side of the log: enough to keep it busy for some batches, and little, since all that waits is copied by
     * each collection of the young generation.
     */
    private static final String WAITING = String.valueOf(8 << 20);

    /** Of commands: a target of a migration is often far away, and seldom has other clients that a long transaction keeps waiting. */
    private static final String BATCH = "5000";

    static final String PARTITIONS = "topic.partitions";
    private static final String CLUSTER_PARTITIONS = "12";

    private static final String HOSTS = "redis.hosts";
    private static final Set<String> LOGIN = Set.of("redis.user", "redis.password");

    private ConnectorConfigs() {}

    static Map<String, String> source(MigrationPlan plan) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("connector.class", SOURCE_CLASS);
        config.put("tasks.max", "1");
        endpoint(config, plan.source(), plan.sourcePassword());
        String partitions = "1";
        if (plan.fromCluster()) {
            config.put("redis.topology", "cluster");
            // The topic must have exactly as many as the connector counts on.
            partitions = plan.more().source().getOrDefault(PARTITIONS, CLUSTER_PARTITIONS);
            config.put(PARTITIONS, partitions);
        }
        config.put("topic", plan.topic());
        config.put("topic.creation.default.partitions", partitions);
        config.put("topic.creation.default.replication.factor", String.valueOf(plan.replicationFactor()));
        config.put("record.grouping", "batch");
        config.put("entry.format", "dump");
        // So that an idle source does not seem to lag behind.
        config.put("heartbeat.interval.ms", "1000");
        if (plan.spool() != null) {
            config.put("spool.directory", plan.spool().directory().toString());
            // Each shard has a spool of its own.
            config.put("spool.max.bytes", String.valueOf(plan.spool().maxBytes() / Math.max(1, plan.sourceMasters())));
        }
        config.put("queue.max.bytes", WAITING);
        converters(config);
        config.putAll(plan.more().source());
        return config;
    }

    static Map<String, String> sink(MigrationPlan plan) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("connector.class", SINK_CLASS);
        config.put("tasks.max", "1");
        config.put("topics", plan.topic());
        endpoint(config, plan.target(), plan.targetPassword());
        config.put("redis.topology", plan.targetTopology().name().toLowerCase(Locale.ROOT));
        if (!plan.conflicts().equals(Plans.CONFLICTS)) {
            config.put("conflict.policy", plan.conflicts());
        }
        config.put("resync.ghosts", plan.ghosts());
        crossSlot(config, plan.targetTopology());
        config.put("batch.max.commands", BATCH);
        config.put("in.flight.max.commands", BATCH);
        config.put("buffer.max.bytes", WAITING);
        converters(config);
        config.putAll(plan.more().sink());
        return config;
    }

    /** A sink's config as it is, but with this destination. */
    public static Map<String, String> sinkTo(Map<String, String> config, Side to, Topology topology, String password) {
        Map<String, String> changed = new LinkedHashMap<>(config);
        changed.keySet()
                .removeIf(name -> name.startsWith("redis.tls")
                        || name.startsWith("redis.sentinel.")
                        || name.startsWith("redis.credentials.")
                        || name.equals(HOSTS)
                        || LOGIN.contains(name));
        endpoint(changed, to, password);
        changed.put("redis.topology", topology.name().toLowerCase(Locale.ROOT));
        crossSlot(changed, topology);
        return changed;
    }

    /** A migration into a cluster is to go through, whatever the source sends. */
    private static void crossSlot(Map<String, String> config, Topology target) {
        if (target == Topology.CLUSTER) {
            config.putIfAbsent("cross.slot", "copy");
        }
    }

    private static void endpoint(Map<String, String> config, Side side, String password) {
        if (!side.isLookedUp()) {
            config.put(HOSTS, side.hosts());
        }
        if (side.uri().isSentinel()) {
            config.put("redis.topology", "sentinel");
            config.put("redis.sentinel.master", side.uri().master());
            Login login = side.sentinelLogin();
            put(config, "redis.sentinel.user", login.user());
            if (!login.secret().isEmpty()) {
                config.put("redis.sentinel.password", SessionSecrets.placeholder(side.name() + "-sentinel"));
            }
        }
        if (side.login().user() != null) {
            config.put("redis.user", side.login().user());
        }
        if (side.provider().isPresent()) {
            provider(config, side.name(), side.provider().get());
        } else if (password != null) {
            config.put("redis.password", password);
        } else if (side.passwordFile() != null) {
            config.put(CredentialSettings.PROVIDER, "file");
            config.put(
                    CredentialSettings.key("file", "password.path"),
                    side.passwordFile().toString());
        }
        TlsSettings tls = side.tls();
        if (tls.enabled()) {
            config.put("redis.tls", "true");
            put(config, "redis.tls.ca.file", tls.caFile());
            put(config, "redis.tls.certificate.file", tls.certificateFile());
            put(config, "redis.tls.key.file", tls.keyFile());
            config.put("redis.tls.verify.hostname", String.valueOf(tls.verifyHostname()));
        }
    }

    private static void provider(Map<String, String> config, String side, ProviderLogin login) {
        config.put(CredentialSettings.PROVIDER, login.provider());
        login.plain().forEach((option, value) -> config.put(CredentialSettings.key(login.provider(), option), value));
        login.secret()
                .keySet()
                .forEach(option -> config.put(
                        CredentialSettings.key(login.provider(), option),
                        SessionSecrets.placeholder(Plans.secretName(side, option))));
    }

    private static void put(Map<String, String> config, String name, Object value) {
        if (value != null) {
            config.put(name, value.toString());
        }
    }

    private static void converters(Map<String, String> config) {
        config.put("key.converter", CONVERTER_CLASS);
        config.put("value.converter", CONVERTER_CLASS);
    }

    /** The body of {@code POST /connectors}, indented. */
    static String json(String connector, Map<String, String> config) {
        ObjectNode node = JSON.createObjectNode();
        node.put("name", connector);
        node.set("config", JSON.valueToTree(config));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
