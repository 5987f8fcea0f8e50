package io.millrace.sink.config;

import io.millrace.client.Node;
import io.millrace.client.ServerInfo;
import io.millrace.config.ConfigCheck;
import io.millrace.config.Finding;
import io.millrace.config.LiveCheck;
import io.millrace.config.RedisSettings;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.Config;

/** Checks a configuration as {@code validate} does: option by option, against each other, against the live destination. */
public final class SinkValidation {

    /** Shorter than Connect's own limit for a validation through its REST API, which is 90 s. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private SinkValidation() {}

    public static Config validate(Map<String, String> properties) {
        ConfigCheck check = new ConfigCheck(SinkConfig.def(), properties);
        if (check.isClean()) {
            check.addAll(Contradictions.between(check.values(), properties));
        }
        Optional<RedisEndpoint> endpoint = check.redisEndpoint();
        if (endpoint.isPresent()) {
            check.addAll(new LiveCheck(LIMIT).of(endpoint.get(), node -> ask(endpoint.get(), node)));
        }
        return check.result();
    }

    private static List<Finding> ask(RedisEndpoint endpoint, Node node) {
        List<Finding> findings = new ArrayList<>();
        try {
            ServerInfo info = ServerInfo.of(node);
            if (!info.version().isAtLeast(4, 0)) {
                findings.add(new Finding(
                        node.address() + " is " + info.version()
                                + ", which is too old for a destination: use Redis 4.0 or" + " newer.",
                        RedisSettings.HOSTS));
            }
            if (endpoint.topology() == Topology.STANDALONE && !info.isMaster()) {
                findings.add(new Finding(
                        node.address() + " is a replica and takes no writes: name its master.", RedisSettings.HOSTS));
            }
        } catch (RedisFailureException e) {
            if (e.kind() != Kind.PERMISSION) {
                throw e;
            }
            findings.add(new Finding(
                    node.address()
                            + " does not let the user ask INFO, by which the sink learns the version: allow it with"
                            + " ACL SETUSER <user> +info.",
                    RedisSettings.USER,
                    RedisSettings.HOSTS));
        }
        return findings;
    }
}
