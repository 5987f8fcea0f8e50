package io.millrace.cli.precheck;

import io.millrace.cli.precheck.Servers.End;
import io.millrace.client.ServerInfo;
import io.millrace.client.ServerVersion;
import io.millrace.endpoint.Login;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.util.List;

/** What the source must be and must allow. */
final class SourceChecks {
    static final List<Precheck> ALL =
            List.of(SourceChecks::version, SourceChecks::standalone, SourceChecks::replication, SourceChecks::buffer);

    static final List<Precheck> OF_SCAN = List.of(SourceChecks::version, SourceChecks::standalone, SourceChecks::scan);

    private static final String SCAN_RIGHTS =
            "~* +scan +dump +type +pexpiretime +pttl +time +memory|usage +select +info";
    private static final String OR_SCAN = ", or copy without replication: --full-only --scan";
    private static final String RIGHTS = "+psync +replconf +ping +info +command +select";
    private static final long SMALL_BUFFER = 512L << 20;

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

    static CheckResult standalone(Servers servers) {
        return servers.source().layout() == null
                ? CheckResult.ok(
                        "source-standalone", "The source " + servers.source().side() + " is standalone")
                : CheckResult.error(
                        "source-standalone",
                        "The source " + servers.source().side()
                                + " is a cluster node, and this version reads standalone" + " sources only",
                        "see the changelog for the version that reads clusters");
    }

    /**
     * Asks for what replication needs without beginning it. {@code PSYNC … FAILOVER} (Redis 6.2, replication.c) is refused by
     * every server that is not in a failover, and before that the user's rights are checked.
     */
    static CheckResult replication(Servers servers) {
        End source = servers.source();
        RedisFailureException refusal = refusal(source, "REPLCONF", "capa", "psync2");
        if (refusal == null && source.info().version().isAtLeast(6, 2)) {
            refusal = refusal(source, "PSYNC", "millrace-checks-its-rights", "-1", "FAILOVER");
        }
        if (refusal != null && refusal.kind() == Kind.PERMISSION) {
            Login login = source.side().login();
            String user = login.user() == null ? "default" : login.user();
            return CheckResult.error(
                    "source-replication",
                    "The user '" + user + "' may not replicate from the source " + source.side() + " ("
                            + refusal.failure().detail() + ")",
                    "grant it with: ACL SETUSER " + user + " " + RIGHTS + OR_SCAN);
        }
        if (refusal != null && refusal.kind() == Kind.UNKNOWN_COMMAND) {
            return CheckResult.error(
                    "source-replication",
                    "The source " + source.side() + " has no PSYNC ("
                            + refusal.failure().detail() + ")",
                    "ask whoever runs it to allow replication" + OR_SCAN);
        }
        return CheckResult.ok("source-replication", "The source " + source.side() + " lets this user replicate");
    }

    /** SCAN alone cannot be done without; instead of DUMP there are the reads of each type. */
    static CheckResult scan(Servers servers) {
        End source = servers.source();
        RedisFailureException refusal = refusal(source, "SCAN", "0", "COUNT", "1");
        if (refusal == null) {
            return CheckResult.ok("source-scan", "The source " + source.side() + " lets this user scan");
        }
        Login login = source.side().login();
        String user = login.user() == null ? "default" : login.user();
        return CheckResult.error(
                "source-scan",
                "The user '" + user + "' may not scan the source " + source.side() + " ("
                        + refusal.failure().detail() + ")",
                "grant it with: ACL SETUSER " + user + " " + SCAN_RIGHTS);
    }

    private static RedisFailureException refusal(End source, String... command) {
        try {
            source.first().call(command);
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
