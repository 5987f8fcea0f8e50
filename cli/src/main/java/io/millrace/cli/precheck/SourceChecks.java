package io.millrace.cli.precheck;

import io.millrace.cli.precheck.Servers.End;
import io.millrace.client.Node;
import io.millrace.client.ServerInfo;
import io.millrace.client.ServerVersion;
import io.millrace.endpoint.Login;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.util.List;

/** What the source must be and must allow. */
final class SourceChecks {
    private static final String SCAN_RIGHTS =
            "~* +scan +dump +type +pexpiretime +pttl +time +memory|usage +select +info";
    private static final String OR_SCAN = ", or copy without replication: --full-only --scan";
    private static final String RIGHTS = "+psync +replconf +ping +info +command +select";
    private static final String CLUSTER_RIGHTS = " +cluster|nodes +cluster|slots +cluster|info";
    private static final long SMALL_BUFFER = 512L << 20;

    static final List<Precheck> ALL = List.of(
            SourceChecks::version,
            servers -> cluster(servers, RIGHTS),
            SourceChecks::replication,
            SourceChecks::buffer);

    static final List<Precheck> OF_SCAN =
            List.of(SourceChecks::version, servers -> cluster(servers, SCAN_RIGHTS), SourceChecks::scan);

    private SourceChecks() {}

    static CheckResult version(Servers servers) {
        ServerVersion version = servers.source().info().version();
        String evidence = "The source " + servers.source().side() + " is " + version;
        return version.isAtLeast(4, 0)
                ? CheckResult.ok("source-version", evidence)
                : CheckResult.error(
                        "source-version",
                        evidence + ", and replication can be followed from Redis 4.0 on",
                        "upgrade the source to 4.0 or newer first");
    }

    /** Every shard is read from its own master, so every slot must have one that can be found. */
    private static CheckResult cluster(Servers servers, String rights) {
        End source = servers.source();
        if (source.layout() == null) {
            return CheckResult.ok("source-cluster", "The source " + source.side() + " is standalone");
        }
        if (source.side().uri().isSentinel()) {
            return CheckResult.error(
                    "source-cluster",
                    "The source " + source.side() + " is a cluster node, and a cluster has no sentinels",
                    "name nodes of the cluster with --source redis://host:port,host:port");
        }
        if (!source.layout().isComplete()) {
            return CheckResult.error(
                    "source-cluster",
                    "The cluster at the source " + source.side() + " is down (" + source.layout() + ")",
                    "bring every slot back to a master that runs, as CLUSTER INFO shows, and try again");
        }
        RedisFailureException refusal = refusal(source.first(), "CLUSTER", "NODES");
        if (refusal != null && refusal.kind() == Kind.PERMISSION) {
            String user = user(source);
            return CheckResult.error(
                    "source-cluster",
                    "The user '" + user + "' may not see the nodes of the source " + source.side() + " ("
                            + refusal.failure().detail() + ")",
                    "grant it on every node with: ACL SETUSER " + user + " " + rights + CLUSTER_RIGHTS);
        }
        return CheckResult.ok(
                "source-cluster",
                "The source " + source.side() + " is a cluster of "
                        + source.layout().masters().size() + " masters");
    }

    /**
     * Asks for what replication needs without beginning it. {@code PSYNC … FAILOVER} (Redis 6.2, replication.c) is refused by
     * every server that is not in a failover, and before that the user's rights are checked.
     */
    static CheckResult replication(Servers servers) {
        End source = servers.source();
        for (Node node : source.masters()) {
            CheckResult refused = refusedReplication(source, node);
            if (refused != null) {
                return refused;
            }
        }
        return CheckResult.ok("source-replication", "The source " + source.side() + " lets this user replicate");
    }

    private static CheckResult refusedReplication(End source, Node node) {
        RedisFailureException refusal = refusal(node, "REPLCONF", "capa", "psync2");
        if (refusal == null && source.info().version().isAtLeast(6, 2)) {
            refusal = refusal(node, "PSYNC", "millrace-checks-its-rights", "-1", "FAILOVER");
        }
        if (refusal != null && refusal.kind() == Kind.PERMISSION) {
            String user = user(source);
            String rights = RIGHTS + (source.layout() == null ? "" : CLUSTER_RIGHTS) + OR_SCAN;
            return CheckResult.error(
                    "source-replication",
                    "The user '" + user + "' may not replicate from the source " + place(source, node) + " ("
                            + refusal.failure().detail() + ")",
                    "grant it with: ACL SETUSER " + user + " " + rights);
        }
        if (refusal != null && refusal.kind() == Kind.UNKNOWN_COMMAND) {
            return CheckResult.error(
                    "source-replication",
                    "The source " + place(source, node) + " has no PSYNC ("
                            + refusal.failure().detail() + ")",
                    "ask whoever runs it to allow replication" + OR_SCAN);
        }
        return null;
    }

    private static String place(End source, Node node) {
        return source.layout() == null ? source.side().toString() : source.side() + " at its node " + node.address();
    }

    private static String user(End source) {
        Login login = source.side().login();
        return login.user() == null ? "default" : login.user();
    }

    /** SCAN alone cannot be done without; instead of DUMP there are the reads of each type. */
    static CheckResult scan(Servers servers) {
        End source = servers.source();
        for (Node node : source.masters()) {
            RedisFailureException refusal = refusal(node, "SCAN", "0", "COUNT", "1");
            if (refusal != null) {
                String user = user(source);
                return CheckResult.error(
                        "source-scan",
                        "The user '" + user + "' may not scan the source " + place(source, node) + " ("
                                + refusal.failure().detail() + ")",
                        "grant it with: ACL SETUSER " + user + " " + SCAN_RIGHTS
                                + (source.layout() == null ? "" : CLUSTER_RIGHTS));
            }
        }
        return CheckResult.ok("source-scan", "The source " + source.side() + " lets this user scan");
    }

    private static RedisFailureException refusal(Node node, String... command) {
        try {
            node.call(command);
            return null;
        } catch (RedisFailureException e) {
            return e;
        }
    }

    static CheckResult buffer(Servers servers) {
        ServerInfo info = servers.source().info();
        long used = info.number("used_memory", 0);
        return used < SMALL_BUFFER
                ? CheckResult.ok("source-buffer", "The source holds " + used / (1 << 20) + " MiB")
                : CheckResult.warning(
                        "source-buffer",
                        "The source holds " + used / (1 << 20)
                                + " MiB, and the writes during its snapshot wait in its replica buffer",
                        "on a busy source, raise client-output-buffer-limit for replicas first");
    }
}
