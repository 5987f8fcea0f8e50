package io.millrace.source.config;

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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.Config;

/**
 * What {@code validate} does: each option by itself, options against each other, and then the source itself, within a few
 * seconds: reachable, logged in, a version and a role that can be replicated from, and a user that may.
 */
public final class SourceValidation {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private SourceValidation() {}

    public static Config validate(Map<String, String> properties) {
        ConfigCheck check = SourceSettings.check(properties);
        if (check.isClean(SpoolSettings.DIRECTORY, SpoolSettings.MAX_BYTES)) {
            check.addAll(SpoolSettings.liveFaults(check.values(), properties));
        }
        Optional<RedisEndpoint> endpoint = check.redisEndpoint();
        if (endpoint.isPresent()) {
            boolean scan = "scan".equals(check.values().get(CaptureSettings.MODE));
            for (Finding finding : new LiveCheck(LIMIT)
                    .of(
                            endpoint.get(),
                            node -> questions(node, scan, endpoint.get().topology()))) {
                check.add(finding);
            }
        }
        if (endpoint.isPresent()
                && endpoint.get().topology() == Topology.CLUSTER
                && check.isClean(CaptureSettings.TOPIC, CaptureSettings.TOPIC_PARTITIONS)) {
            TopicCheck.live(
                            (String) check.values().get(CaptureSettings.TOPIC),
                            (Integer) check.values().get(CaptureSettings.TOPIC_PARTITIONS),
                            properties)
                    .ifPresent(check::add);
        }
        return check.result();
    }

    private static List<Finding> questions(Node node, boolean scan, Topology topology) {
        List<Finding> findings = new ArrayList<>();
        try {
            ServerInfo info = ServerInfo.of(node);
            server(node, info, scan, findings);
        } catch (RedisFailureException e) {
            if (e.kind() != Kind.PERMISSION) {
                throw e;
            }
            // INFO is wanted, not needed: the number of keys is not known without it. A cluster's shards are told by
            // it.
            if (topology == Topology.CLUSTER) {
                findings.add(new Finding(
                        node.address() + " does not let this user run INFO, by which the shards of a cluster are known:"
                                + " grant it with ACL SETUSER <user> +info.",
                        RedisSettings.USER));
                nodes(node, findings);
            }
        }
        if (scan) {
            scanRights(node, findings);
        } else {
            rights(node, findings);
        }
        return findings;
    }

    private static void server(Node node, ServerInfo info, boolean scan, List<Finding> findings) {
        if (!info.version().valkey() && !info.version().isAtLeast(4, 0)) {
            findings.add(new Finding(
                    node.address() + " is " + info.version()
                            + ", and sources are supported from Redis 4.0 on: upgrade it.",
                    RedisSettings.HOSTS));
        }
        if (info.clusterEnabled()) {
            nodes(node, findings);
        } else if (!scan && !info.isMaster() && !"up".equals(info.fields().get("master_link_status"))) {
            findings.add(new Finding(
                    node.address()
                            + " is a replica whose link to its own master is down: name the master, or mend the link.",
                    RedisSettings.HOSTS));
        }
    }

    /** A seed of a cluster may be any node, but it must say which others there are. */
    private static void nodes(Node node, List<Finding> findings) {
        try {
            node.call("CLUSTER", "NODES");
        } catch (RedisFailureException e) {
            if (e.kind() != Kind.PERMISSION) {
                throw e;
            }
            findings.add(new Finding(
                    node.address() + " does not let this user run CLUSTER NODES: grant it with ACL SETUSER <user>"
                            + " +cluster|nodes (+cluster before Redis 7).",
                    RedisSettings.USER));
        }
    }

    /**
     * Whether the user may replicate. ACL DRYRUN says so (Redis 7 and newer) where the user may ask. Without it REPLCONF
     * does, which changes nothing at the source but this connection's own description; PSYNC itself would start a copy.
     */
    private static void rights(Node node, List<Finding> findings) {
        try {
            node.call("REPLCONF", "capa", "psync2");
        } catch (RedisFailureException e) {
            findings.add(denied(node, "REPLCONF", e));
            return;
        }
        String user = dryRunUser(node);
        if (user == null) {
            return;
        }
        Object answer = node.call("ACL", "DRYRUN", user, "PSYNC", "?", "-1");
        String text = answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
        if (!text.equals("OK")) {
            findings.add(new Finding(
                    node.address() + " does not let user " + user + " run PSYNC (" + text
                            + "): grant it with ACL SETUSER " + user + " +psync +replconf, or set "
                            + CaptureSettings.MODE + "=scan for a copy without replication.",
                    RedisSettings.USER));
        }
    }

    /** SCAN itself, and DUMP of a key that is not there; without DUMP, TYPE must be permitted. */
    private static void scanRights(Node node, List<Finding> findings) {
        try {
            node.call("SCAN", "0", "COUNT", "1");
        } catch (RedisFailureException e) {
            if (e.failure().isRetryable() || node.isBroken()) {
                throw e;
            }
            findings.add(new Finding(
                    node.address() + " does not permit SCAN (" + e.failure().detail()
                            + "), without which nothing can be copied: grant +scan +dump +pexpiretime +pttl +type and"
                            + " the read commands, on all keys.",
                    CaptureSettings.MODE,
                    RedisSettings.USER));
        }
    }

    /** The own user's name if ACL DRYRUN can be asked about it, else null. */
    private static String dryRunUser(Node node) {
        try {
            String user = node.text("ACL", "WHOAMI");
            node.call("ACL", "DRYRUN", user, "PING");
            return user;
        } catch (RedisFailureException e) {
            if (e.failure().isRetryable() || node.isBroken()) {
                throw e;
            }
            return null; // no ACL, no DRYRUN, or no right to ask: the task's own PSYNC will tell
        }
    }

    private static Finding denied(Node node, String command, RedisFailureException e) {
        if (e.kind() == Kind.PERMISSION) {
            return new Finding(
                    node.address() + " does not let this user run " + command
                            + ": grant it with ACL SETUSER <user> +psync +replconf, or set " + CaptureSettings.MODE
                            + "=scan for a copy without replication.",
                    RedisSettings.USER);
        }
        return new Finding(
                node.address() + " offers no replication (" + e.failure().detail()
                        + "): some managed services do not permit it; set " + CaptureSettings.MODE
                        + "=scan for a copy without replication, or name another server.",
                RedisSettings.HOSTS);
    }
}
