package io.millrace.cli.precheck;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.options.Side;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs the checks in order, against both ends. An end that cannot be reached ends the run, as the rest depends on it. */
public final class Prechecks {
    private Prechecks() {}

    /**
     * What was found.
     *
     * @param targetTopology empty when the target was not reached
     * @param sourceMasters masters of a source that is a cluster; 0 when it is none, or was not reached
     * @param sourceBytes memory that the source uses; 0 when it was not reached
     */
    public record Outcome(
            List<CheckResult> results, Optional<Topology> targetTopology, int sourceMasters, long sourceBytes) {
        public Outcome {
            results = List.copyOf(results);
        }

        public List<CheckResult> of(CheckResult.Level level) {
            return results.stream().filter(result -> result.level() == level).toList();
        }
    }

    /**
     * @param targetMayHoldKeys true when keys at the target are no reason to stop
     * @param scan true when the source is to be copied without replication
     */
    public static Outcome run(Side source, Side target, boolean targetMayHoldKeys, boolean scan) {
        List<CheckResult> results = new ArrayList<>();
        Servers.End from = connect(source, results);
        if (from == null) {
            return new Outcome(results, Optional.empty(), 0, 0);
        }
        Servers.End to = connect(target, results);
        if (to == null) {
            from.close();
            return new Outcome(results, Optional.empty(), 0, 0);
        }
        try (Servers servers = Servers.of(from, to)) {
            run(scan ? SourceChecks.OF_SCAN : SourceChecks.ALL, servers, source, results);
            run(TargetChecks.ALL, servers, target, results);
            if (!targetMayHoldKeys) {
                run(List.of(TargetChecks::empty), servers, target, results);
            }
            return new Outcome(results, Optional.of(to.topology()), masters(from), bytes(from, results));
        }
    }

    private static int masters(Servers.End end) {
        return end.topology() == Topology.CLUSTER ? end.layout().masters().size() : 0;
    }

    /** Of all masters; a cluster that an error was found in may have masters that do not answer. */
    private static long bytes(Servers.End from, List<CheckResult> results) {
        boolean usable = results.stream().noneMatch(result -> result.level() == CheckResult.Level.ERROR);
        if (from.layout() == null || !usable) {
            return from.info().number("used_memory_dataset", 0);
        }
        return from.masters().stream()
                .mapToLong(node -> ServerInfo.of(node).number("used_memory_dataset", 0))
                .sum();
    }

    /**
     * How many masters one end has if it is a cluster, else 0, found by asking it.
     *
     * @throws RedisFailureException when it does not answer
     */
    public static int clusterMasters(Side side) {
        try (Servers.End end = Servers.End.connect(side)) {
            return masters(end);
        }
    }

    /** The topology of one end, found by asking it. */
    public static Topology topology(Side side) {
        try (Servers.End end = Servers.End.connect(side)) {
            return end.topology();
        }
    }

    /** @throws Failure when the end does not answer, as a check would say it */
    public static Topology requireTopology(Side side) {
        List<CheckResult> results = new ArrayList<>();
        try (Servers.End end = connect(side, results)) {
            if (end == null) {
                throw new Failure(ExitStatus.REFUSED, results.get(0).sentence());
            }
            return end.topology();
        }
    }

    private static Servers.End connect(Side side, List<CheckResult> results) {
        String id = side.name() + "-reachable";
        try {
            Servers.End end = Servers.End.connect(side);
            results.add(CheckResult.ok(id, "The " + side.name() + " " + side + " answers"));
            return end;
        } catch (RedisFailureException e) {
            results.add(unusable(id, side, e));
        } catch (InvalidEndpointException e) {
            results.add(CheckResult.error(
                    id,
                    "The " + side.name() + " " + side + " cannot be used (" + trimmed(e.getMessage()) + ")",
                    "correct the --" + side.name() + "-tls options"));
        }
        return null;
    }

    private static void run(List<Precheck> checks, Servers servers, Side side, List<CheckResult> results) {
        for (Precheck check : checks) {
            try {
                results.add(check.run(servers));
            } catch (RedisFailureException e) {
                results.add(unusable(side.name() + "-answers", side, e));
            }
        }
    }

    private static CheckResult unusable(String id, Side side, RedisFailureException e) {
        String detail = plain(e.failure().detail());
        return CheckResult.error(
                id,
                "The " + side.name() + " " + side + " cannot be used: "
                        + e.kind().what() + (detail.isEmpty() ? "" : " (" + detail + ")"),
                remedy(side, e.kind()));
    }

    private static String remedy(Side side, Kind kind) {
        String option = "--" + side.name();
        return switch (kind) {
            case CONNECTION, TIMEOUT ->
                "check that the server runs and that this machine reaches the host and port of " + option;
            case CREDENTIALS, CREDENTIALS_PENDING -> whereTheLoginIs(side);
            case AUTHENTICATION ->
                side.provider().isPresent()
                        ? whereTheLoginIs(side)
                        : "check " + option + "-user and the password in MILLRACE_"
                                + side.name().toUpperCase(Locale.ROOT) + "_PASSWORD or " + option + "-password-file";
            case PERMISSION -> "grant the user the command, as docs/setting-up-redis.md lists them";
            case TLS ->
                "check that the port of " + option + " speaks TLS 1.2 or 1.3, and write redis:// if it speaks none";
            case TLS_UNTRUSTED -> "name the PEM file of the authority that signed it with " + option + "-tls-ca";
            case TLS_HOST ->
                "connect by a name that the certificate has, or renew it; " + option
                        + "-tls-skip-host-check gives up the check";
            case TLS_CLIENT_CERTIFICATE ->
                "name a certificate that it trusts and that has not expired, with its key, with " + option
                        + "-tls-cert and " + option + "-tls-key";
            case PROTOCOL ->
                "check that the port of " + option
                        + " is Redis, and write rediss:// if it speaks TLS and redis:// if not";
            case LOADING -> "wait until it has loaded its data and run the same command again";
            default -> lowerFirst(trimmed(kind.nextStep()));
        };
    }

    private static String whereTheLoginIs(Side side) {
        String option = "--" + side.name();
        return side.provider()
                .map(provider -> "check " + option + "-credentials-option, " + option + "-user, and what "
                        + provider.provider() + " takes the login from")
                .orElse("check " + option + "-password-file");
    }

    /** Without the names of Java's exceptions, which mean nothing to whoever mistyped an address. */
    private static String plain(String detail) {
        return trimmed(detail)
                .replace("UnknownHostException: ", "unknown host ")
                .replaceAll("\\b[A-Z]\\w*Exception: ", "");
    }

    private static String lowerFirst(String text) {
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static String trimmed(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
