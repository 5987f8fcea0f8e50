package io.millrace.config;

import static io.millrace.config.RedisSettings.HOSTS;
import static io.millrace.config.RedisSettings.PASSWORD;
import static io.millrace.config.RedisSettings.SENTINEL_MASTER;
import static io.millrace.config.RedisSettings.SENTINEL_PASSWORD;
import static io.millrace.config.RedisSettings.SENTINEL_USER;
import static io.millrace.config.RedisSettings.TLS;
import static io.millrace.config.RedisSettings.TLS_CA_FILE;
import static io.millrace.config.RedisSettings.TLS_CERTIFICATE_FILE;
import static io.millrace.config.RedisSettings.TLS_KEY_FILE;
import static io.millrace.config.RedisSettings.TOPOLOGY;
import static io.millrace.config.RedisSettings.USER;
import static io.millrace.config.RedisSettings.text;

import io.millrace.credentials.StaticProvider;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.Location;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.TlsContext;
import io.millrace.endpoint.TlsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.types.Password;

/** Checks the options under {@code redis.} against each other and against the files that they name. */
final class RedisOptionChecks {

    private RedisOptionChecks() {}

    /** Options that are fine by themselves and not together; shown on each of the keys. */
    static List<Finding> contradictions(Map<String, ?> values) {
        List<Finding> findings = new ArrayList<>();
        List<?> hosts = (List<?>) values.get(HOSTS);
        if (hosts.size() > 1 && text(values, TOPOLOGY).equals("standalone")) {
            findings.add(new Finding(
                    HOSTS + " names " + hosts.size() + " hosts and " + TOPOLOGY
                            + " is standalone: name one host; several are seeds of a cluster, or sentinels.",
                    HOSTS,
                    TOPOLOGY));
        }
        boolean unix = hosts.stream().anyMatch(host -> ((String) host).startsWith("unix://"));
        if (unix && (Boolean) values.get(TLS)) {
            findings.add(new Finding(
                    HOSTS + " is a Unix socket and " + TLS + " is true: a Unix socket takes no TLS.", HOSTS, TLS));
        }
        if (unix && !text(values, TOPOLOGY).equals("standalone")) {
            findings.add(new Finding(
                    HOSTS + " is a Unix socket and " + TOPOLOGY + " is " + text(values, TOPOLOGY)
                            + ": name the nodes as host:port.",
                    HOSTS,
                    TOPOLOGY));
        }
        findings.addAll(sentinel(values));
        List<Finding> login = CredentialSettings.contradictions(values);
        findings.addAll(login);
        if (login.isEmpty()) {
            findings.addAll(whereItIs(values, hosts));
        }
        if (text(values, CredentialSettings.PROVIDER).equals(StaticProvider.NAME)
                && !text(values, USER).isEmpty()
                && ((Password) values.get(PASSWORD)).value().isEmpty()) {
            findings.add(new Finding(
                    USER + " is set and " + PASSWORD + " is empty: a user logs in with a password.", USER, PASSWORD));
        }
        boolean certificate = !text(values, TLS_CERTIFICATE_FILE).isEmpty();
        boolean key = !text(values, TLS_KEY_FILE).isEmpty();
        if (certificate != key) {
            findings.add(new Finding(
                    TLS_CERTIFICATE_FILE + " and " + TLS_KEY_FILE + " go together: set both or neither.",
                    TLS_CERTIFICATE_FILE,
                    TLS_KEY_FILE));
        }
        if (!(Boolean) values.get(TLS)) {
            for (String file : List.of(TLS_CA_FILE, TLS_CERTIFICATE_FILE, TLS_KEY_FILE)) {
                if (!text(values, file).isEmpty()) {
                    findings.add(new Finding(
                            file + " is set and " + TLS + " is false: set " + TLS + "=true, or remove the file.",
                            file,
                            TLS));
                }
            }
        }
        return findings;
    }

    private static List<Finding> sentinel(Map<String, ?> values) {
        List<Finding> findings = new ArrayList<>();
        boolean password = !((Password) values.get(SENTINEL_PASSWORD)).value().isEmpty();
        if (!text(values, TOPOLOGY).equals("sentinel")) {
            for (String key : List.of(SENTINEL_MASTER, SENTINEL_USER, SENTINEL_PASSWORD)) {
                if (key.equals(SENTINEL_PASSWORD)
                        ? password
                        : !text(values, key).isEmpty()) {
                    findings.add(new Finding(
                            key + " is set and " + TOPOLOGY + " is " + text(values, TOPOLOGY) + ": set " + TOPOLOGY
                                    + "=sentinel, or remove the option.",
                            key,
                            TOPOLOGY));
                }
            }
            return findings;
        }
        if (text(values, SENTINEL_MASTER).isEmpty()) {
            findings.add(new Finding(
                    TOPOLOGY + " is sentinel and " + SENTINEL_MASTER
                            + " is empty: give the name that the sentinels' line 'sentinel monitor' has, for example"
                            + " mymaster.",
                    SENTINEL_MASTER,
                    TOPOLOGY));
        }
        if (!text(values, SENTINEL_USER).isEmpty() && !password) {
            findings.add(new Finding(
                    SENTINEL_USER + " is set and " + SENTINEL_PASSWORD + " is empty: a user logs in with a password.",
                    SENTINEL_USER,
                    SENTINEL_PASSWORD));
        }
        return findings;
    }

    private static List<Finding> whereItIs(Map<String, ?> values, List<?> hosts) {
        Optional<Location> server = CredentialSettings.credentials(values).location();
        if (server.isEmpty() && hosts.isEmpty()) {
            return List.of(new Finding(HOSTS + " is empty: give it as host:port, for example 10.0.0.5:6379.", HOSTS));
        }
        if (server.isPresent() && !hosts.isEmpty()) {
            return List.of(new Finding(
                    HOSTS + " is set and " + CredentialSettings.PROVIDER + "="
                            + text(values, CredentialSettings.PROVIDER)
                            + " looks the server up: remove one of the two.",
                    HOSTS,
                    CredentialSettings.PROVIDER));
        }
        return List.of();
    }

    /** What keeps the TLS files of an endpoint from being used; reads them. */
    static List<Finding> unusableFiles(RedisEndpoint endpoint) {
        if (!endpoint.tls().enabled()) {
            return List.of();
        }
        try {
            TlsContext.of(endpoint.tls());
            return List.of();
        } catch (InvalidEndpointException e) {
            return List.of(new Finding(
                    e.getMessage(),
                    e.file().map(file -> keyOf(endpoint.tls(), file)).orElse(TLS)));
        }
    }

    private static String keyOf(TlsSettings tls, Path file) {
        if (file.equals(tls.caFile())) {
            return TLS_CA_FILE;
        }
        return file.equals(tls.keyFile()) ? TLS_KEY_FILE : TLS_CERTIFICATE_FILE;
    }
}
