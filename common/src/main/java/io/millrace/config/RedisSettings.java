package io.millrace.config;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.SentinelSettings;
import io.millrace.endpoint.TlsSettings;
import io.millrace.endpoint.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** The options under {@code redis.}: where the source or destination is and how to log in to it. */
public final class RedisSettings {

    public static final String HOSTS = "redis.hosts";
    public static final String TOPOLOGY = "redis.topology";
    public static final String SENTINEL_MASTER = "redis.sentinel.master";
    public static final String SENTINEL_USER = "redis.sentinel.user";
    public static final String SENTINEL_PASSWORD = "redis.sentinel.password";
    public static final String USER = "redis.user";
    public static final String PASSWORD = "redis.password";
    public static final String TLS = "redis.tls";
    public static final String TLS_CA_FILE = "redis.tls.ca.file";
    public static final String TLS_CERTIFICATE_FILE = "redis.tls.certificate.file";
    public static final String TLS_KEY_FILE = "redis.tls.key.file";
    public static final String TLS_VERIFY_HOSTNAME = "redis.tls.verify.hostname";
    public static final String CONNECT_TIMEOUT_MS = "redis.connect.timeout.ms";
    public static final String READ_TIMEOUT_MS = "redis.read.timeout.ms";

    /** Every key, in the order of the reference. */
    public static final List<String> KEYS = Stream.of(
                    List.of(HOSTS, TOPOLOGY, USER, PASSWORD),
                    CredentialSettings.keys(),
                    List.of(
                            SENTINEL_MASTER,
                            SENTINEL_USER,
                            SENTINEL_PASSWORD,
                            TLS,
                            TLS_CA_FILE,
                            TLS_CERTIFICATE_FILE,
                            TLS_KEY_FILE,
                            TLS_VERIFY_HOSTNAME,
                            CONNECT_TIMEOUT_MS,
                            READ_TIMEOUT_MS))
            .flatMap(List::stream)
            .toList();

    private static final String GROUP = "Redis";

    private RedisSettings() {}

    /**
     * Declares the options.
     *
     * @param topologies what the connector can work with; the first is the default
     */
    public static ConfigDef addTo(ConfigDef def, Topology... topologies) {
        String[] names = new String[topologies.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = topologies[i].name().toLowerCase(Locale.ROOT);
        }
        List<String> clusterHint = List.of(names).contains("cluster")
                ? List.of(" In a cluster, one or more nodes to begin with; the others are found.")
                : List.of();
        int order = 0;
        def.define(
                HOSTS,
                Type.LIST,
                "",
                described("host:port[,host:port...]", RedisSettings::checkHosts),
                Importance.HIGH,
                "Address of the Redis server, as host:port; an IPv6 address stands in brackets, and without a port it is"
                        + " 6379. Or unix:///path, the Unix socket of a server on the worker's machine. Required, unless"
                        + " the credential provider looks the server up."
                        + String.join("", clusterHint)
                        + " With redis.topology=sentinel, the sentinels, all of them; their port is 26379 by default.",
                GROUP,
                ++order,
                Width.LONG,
                "Hosts");
        def.define(
                TOPOLOGY,
                Type.STRING,
                names[0],
                ConfigDef.ValidString.in(names),
                Importance.HIGH,
                "What stands behind the hosts: a single server with or without replicas, Redis Cluster, or sentinels, which"
                        + " say where the master is, also after a failover.",
                GROUP,
                ++order,
                Width.SHORT,
                "Topology");
        def.define(
                USER,
                Type.STRING,
                "",
                Importance.HIGH,
                "ACL user (Redis 6 and newer). Empty logs in as the default user.",
                GROUP,
                ++order,
                Width.MEDIUM,
                "User");
        def.define(
                PASSWORD,
                Type.PASSWORD,
                "",
                Importance.HIGH,
                "Password of the user, best given through a config provider. Empty, together with an empty user, does not"
                        + " log in.",
                GROUP,
                ++order,
                Width.MEDIUM,
                "Password");
        return addTlsAndTimeouts(def, addSentinel(def, CredentialSettings.addTo(def, GROUP, order)));
    }

    private static int addSentinel(ConfigDef def, int orderSoFar) {
        int order = orderSoFar;
        def.define(
                SENTINEL_MASTER,
                Type.STRING,
                "",
                Importance.MEDIUM,
                "With redis.topology=sentinel: the name of the master, as in the sentinels' line 'sentinel monitor'.",
                GROUP,
                ++order,
                Width.MEDIUM,
                "Sentinel master");
        def.define(
                SENTINEL_USER,
                Type.STRING,
                "",
                Importance.LOW,
                "With redis.topology=sentinel: ACL user at the sentinels, which have users of their own.",
                GROUP,
                ++order,
                Width.MEDIUM,
                "Sentinel user");
        def.define(
                SENTINEL_PASSWORD,
                Type.PASSWORD,
                "",
                Importance.MEDIUM,
                "With redis.topology=sentinel: password at the sentinels, best given through a config provider. It is not"
                        + " that of the servers; empty does not log in.",
                GROUP,
                ++order,
                Width.MEDIUM,
                "Sentinel password");
        return order;
    }

    private static ConfigDef addTlsAndTimeouts(ConfigDef def, int orderSoFar) {
        int order = orderSoFar;
        def.define(
                TLS,
                Type.BOOLEAN,
                false,
                Importance.HIGH,
                "Whether connections are encrypted, with TLS 1.2 or 1.3.",
                GROUP,
                ++order,
                Width.SHORT,
                "TLS");
        def.define(
                TLS_CA_FILE,
                Type.STRING,
                "",
                Importance.MEDIUM,
                "PEM file with the certificates that sign the server's, read again when it has changed. Empty trusts the"
                        + " authorities that Java trusts.",
                GROUP,
                ++order,
                Width.LONG,
                "CA file");
        def.define(
                TLS_CERTIFICATE_FILE,
                Type.STRING,
                "",
                Importance.MEDIUM,
                "PEM file with the client's certificate chain, where the server asks for one; read again when it has changed.",
                GROUP,
                ++order,
                Width.LONG,
                "Client certificate file");
        def.define(
                TLS_KEY_FILE,
                Type.STRING,
                "",
                Importance.MEDIUM,
                "PEM file with the client's private key in PKCS#8, without a passphrase; read again when it has changed.",
                GROUP,
                ++order,
                Width.LONG,
                "Client key file");
        def.define(
                TLS_VERIFY_HOSTNAME,
                Type.BOOLEAN,
                true,
                Importance.MEDIUM,
                "Whether the server's certificate must name the host that is connected to. Without it, whoever holds any"
                        + " certificate of the same authority can pose as the server.",
                GROUP,
                ++order,
                Width.SHORT,
                "Verify host name");
        def.define(
                CONNECT_TIMEOUT_MS,
                Type.INT,
                (int) RedisEndpoint.DEFAULT_CONNECT_TIMEOUT.toMillis(),
                ConfigDef.Range.between(1, 3_600_000),
                Importance.LOW,
                "How long a connect and a TLS handshake may take, each, in milliseconds.",
                GROUP,
                ++order,
                Width.SHORT,
                "Connect timeout");
        def.define(
                READ_TIMEOUT_MS,
                Type.INT,
                (int) RedisEndpoint.DEFAULT_READ_TIMEOUT.toMillis(),
                ConfigDef.Range.between(1, 3_600_000),
                Importance.LOW,
                "How long the answer to one request may take, in milliseconds; a FLUSHALL of a large keyspace takes long.",
                GROUP,
                ++order,
                Width.SHORT,
                "Read timeout");
        return def;
    }

    /**
     * The endpoint that the options describe.
     *
     * @throws ConfigException when the options contradict each other, naming the keys
     */
    public static RedisEndpoint endpoint(AbstractConfig config) {
        return endpoint(config.values());
    }

    /**
     * As {@link #endpoint(AbstractConfig)}, from parsed values by key.
     *
     * @throws ConfigException when the options contradict each other, naming the keys
     */
    public static RedisEndpoint endpoint(Map<String, ?> values) {
        List<Finding> findings = RedisOptionChecks.contradictions(values);
        if (!findings.isEmpty()) {
            throw new ConfigException(findings.get(0).sentence());
        }
        Credentials credentials = CredentialSettings.credentials(values);
        boolean tls = (Boolean) values.get(TLS);
        TlsSettings settings = TlsSettings.off();
        if (tls) {
            settings = TlsSettings.on()
                    .withCa(file(values, TLS_CA_FILE))
                    .withClientCertificate(file(values, TLS_CERTIFICATE_FILE), file(values, TLS_KEY_FILE))
                    .withVerifyHostname((Boolean) values.get(TLS_VERIFY_HOSTNAME));
        }
        Topology topology = Topology.valueOf(text(values, TOPOLOGY).toUpperCase(Locale.ROOT));
        return new RedisEndpoint(
                topology,
                credentials.location().map(server -> List.of(server.name())).orElseGet(() -> addresses(values)),
                credentials,
                settings,
                Duration.ofMillis((Integer) values.get(CONNECT_TIMEOUT_MS)),
                Duration.ofMillis((Integer) values.get(READ_TIMEOUT_MS)),
                topology == Topology.SENTINEL ? sentinel(values) : null);
    }

    private static SentinelSettings sentinel(Map<String, ?> values) {
        return new SentinelSettings(
                text(values, SENTINEL_MASTER),
                new Login(text(values, SENTINEL_USER), Secret.of(((Password) values.get(SENTINEL_PASSWORD)).value())));
    }

    private static List<Address> addresses(Map<String, ?> values) {
        int port = text(values, TOPOLOGY).equals("sentinel") ? Address.SENTINEL_PORT : Address.DEFAULT_PORT;
        List<Address> addresses = new ArrayList<>();
        for (Object host : (List<?>) values.get(HOSTS)) {
            addresses.add(Address.parse((String) host, port));
        }
        return addresses;
    }

    /** Never repeats the value: somebody may have put a URI with a password there. */
    private static void checkHosts(Object value) {
        List<?> hosts = value == null ? List.of() : (List<?>) value;
        for (Object host : hosts) {
            if (((String) host).contains("://") && !((String) host).startsWith("unix://")) {
                throw new ConfigException(HOSTS + " takes host:port and no URI: put user and password into " + USER
                        + " and " + PASSWORD + ", and rediss:// into " + TLS + "=true.");
            }
            try {
                Address.parse((String) host);
            } catch (InvalidEndpointException e) {
                throw new ConfigException(HOSTS + ": " + e.getMessage());
            }
        }
    }

    private static ConfigDef.Validator described(String description, java.util.function.Consumer<Object> check) {
        return ConfigDef.LambdaValidator.with((name, value) -> check.accept(value), () -> description);
    }

    static String text(Map<String, ?> values, String key) {
        return (String) values.get(key);
    }

    private static Path file(Map<String, ?> values, String key) {
        return text(values, key).isEmpty() ? null : Path.of(text(values, key));
    }
}
