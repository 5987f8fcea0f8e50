package io.millrace.cli.migration;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.embedded.SessionSecrets;
import io.millrace.cli.options.Side;
import io.millrace.cli.precheck.CheckResult;
import io.millrace.cli.precheck.DiskSpace;
import io.millrace.cli.precheck.Prechecks;
import io.millrace.config.CredentialSettings;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.Topology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/** What follows from the options: names, places, and what stands for the passwords. */
public final class Plans {
    static final String NAME = "millrace";
    private static final String GHOSTS = RunOptions.Ghosts.remove.name();

    /** The connector's own default. */
    static final String CONFLICTS = "overwrite";

    private static final int LONGEST_DIRECTORY_NAME = 80;

    private Plans() {}

    /**
     * The secrets are kept in memory for the embedded worker; a password file it reads itself.
     *
     * @param masters of a source that is a cluster; 0 when it is none
     */
    static MigrationPlan embedded(
            MoreSettings more, Side from, int masters, Side to, Topology topology, SpoolPlace spool) {
        return new MigrationPlan(
                NAME, from, masters, to, topology, keep(from), keep(to), 1, GHOSTS, CONFLICTS, spool, more);
    }

    /**
     * Keeps the password in memory for the embedded worker; returns what a config holds in its place, or null where there is
     * no password or the worker reads its file itself.
     */
    public static String keep(Side side) {
        if (!side.sentinelLogin().secret().isEmpty()) {
            keep(side.name() + "-sentinel", side.sentinelLogin().secret());
        }
        side.provider()
                .ifPresent(provider ->
                        provider.secret().forEach((option, value) -> keep(secretName(side.name(), option), value)));
        return side.passwordFile() != null || side.login().secret().isEmpty()
                ? null
                : keep(side.name(), side.login().secret());
    }

    private static String keep(String name, Secret secret) {
        return SessionSecrets.put(name, new String(secret.reveal(), StandardCharsets.UTF_8));
    }

    /** Under which the worker finds a secret option of a side's credential provider. */
    static String secretName(String side, String option) {
        return side + "-credentials-" + option;
    }

    static MigrationPlan remote(
            RunOptions.Remote remote, MoreSettings more, Side from, int masters, Side to, Topology topology) {
        requireReferences(from, "--source-config", more.source());
        requireReferences(to, "--sink-config", more.sink());
        return new MigrationPlan(
                remote.name,
                from,
                masters,
                to,
                topology,
                reference(from, remote.sourcePasswordRef),
                reference(to, remote.targetPasswordRef),
                -1,
                GHOSTS,
                CONFLICTS,
                null,
                more);
    }

    private static void requireReferences(Side side, String option, Map<String, String> more) {
        side.provider().ifPresent(provider -> {
            for (String secret : provider.secret().keySet()) {
                String key = CredentialSettings.key(provider.provider(), secret);
                if (!more.containsKey(key)) {
                    throw new Failure(
                            ExitStatus.USAGE,
                            "The worker needs the option " + secret + " of the " + side.name()
                                    + "'s credentials from a config provider, so that it is not stored in clear; give its"
                                    + " reference as well, with " + option + " " + key + "=${file:/etc/secrets/redis:"
                                    + secret + "}.");
                }
            }
        });
    }

    private static String reference(Side side, String reference) {
        if (!side.sentinelLogin().secret().isEmpty()) {
            String connector = side.name().equals("target") ? "sink" : side.name();
            throw new Failure(
                    ExitStatus.USAGE,
                    "The worker needs the password of the " + side.name()
                            + "'s sentinels from a config provider; leave MILLRACE_"
                            + side.name().toUpperCase(Locale.ROOT) + "_SENTINEL_PASSWORD out and give --" + connector
                            + "-config redis.sentinel.password=${file:/etc/secrets/redis:sentinel}.");
        }
        if (reference == null && !side.login().secret().isEmpty()) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "The worker needs the " + side.name()
                            + "'s password from a config provider, so that it is not stored in"
                            + " clear; give its reference with --" + side.name() + "-password-ref.");
        }
        return reference;
    }

    /** {@code ~/.millrace/<source>-to-<target>}, the same for the same two addresses. */
    public static Path defaultDirectory(Side from, Side to) {
        String name = (from.hosts() + "-to-" + to.hosts()).replaceAll("[^A-Za-z0-9.-]+", "_");
        if (name.length() > LONGEST_DIRECTORY_NAME) {
            CRC32 crc = new CRC32();
            crc.update(name.getBytes(StandardCharsets.UTF_8));
            name = name.substring(0, LONGEST_DIRECTORY_NAME) + "_" + Long.toHexString(crc.getValue());
        }
        return Path.of(System.getProperty("user.home"), ".millrace", name);
    }

    /** The log holds about what the source holds, as it stays until the data directory is removed. */
    static CheckResult space(DataDirectory directory, Prechecks.Outcome outcome) {
        return DiskSpace.check(directory.root(), directory.usableBytes(), outcome.sourceBytes());
    }
}
