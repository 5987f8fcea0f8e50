package io.millrace.cli.migration;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How and where a migration runs. */
final class RunOptions {
    @Option(
            names = "--full-only",
            order = 20,
            description = "End when the copy is at the target, instead of following the source until Ctrl-C.")
    boolean fullOnly;

    @Option(
            names = "--scan",
            order = 20,
            description =
                    "With --full-only: copy with SCAN and DUMP, or the reads of each type, where the source does not"
                            + " permit replication or a proxy stands before it. Of a cluster every master is scanned. What is"
                            + " written during the copy may be missed.")
    boolean scan;

    @Option(
            names = "--on-conflict",
            paramLabel = "POLICY",
            defaultValue = "fail",
            order = 21,
            description =
                    "What to do when the target holds keys before the first run: fail (the default) refuses to begin;"
                            + " overwrite replaces keys of the same name and leaves the others; skip leaves all of them, and the"
                            + " source's changes that follow are applied to what is there. With skip the migration stops if"
                            + " the source must be copied anew.")
    OnConflict onConflict;

    @Option(
            names = "--ghosts",
            paramLabel = "WHAT",
            order = 21,
            description =
                    "If the source must be copied anew, what to do with keys that only the target has then: remove (the"
                            + " default) removes them, as the target's databases belong to this migration; report counts"
                            + " them; keep leaves them. With --on-conflict=overwrite or skip the default is report, and remove does"
                            + " not go with skip.")
    Ghosts ghosts;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            order = 22,
            description =
                    "Where the embedded Kafka keeps its log and the position, so that the same command goes on after"
                            + " Ctrl-C or a kill. Default: a directory for this source and target below ~/.millrace.")
    Path dataDirectory;

    @Option(
            names = "--drain-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            order = 23,
            description = "After Ctrl-C, how long to wait until the target has what was read (default 60).")
    int drainTimeoutSeconds;

    @Option(
            names = "--source-config",
            paramLabel = "NAME=VALUE",
            order = 24,
            description = "A setting of the source connector beside those that this command makes, for example"
                    + " record.grouping=single or producer.override.compression.type=lz4. May be given several times.")
    Map<String, String> sourceConfig = new LinkedHashMap<>();

    @Option(
            names = "--sink-config",
            paramLabel = "NAME=VALUE",
            order = 24,
            description = "The same for the sink connector.")
    Map<String, String> sinkConfig = new LinkedHashMap<>();

    @Option(
            names = "--print-config",
            order = 25,
            description = "Print the two connector configs that would be posted to Connect, and exit.")
    boolean printConfig;

    @ArgGroup(exclusive = false, heading = "%nWith a Kafka and Connect of your own:%n", order = 100)
    Remote remote;

    /** @throws io.millrace.cli.Failure when a setting is not for the user to make here */
    MoreSettings more() {
        MoreSettings given = MoreSettings.of(sourceConfig, sinkConfig);
        if (!scan) {
            return given;
        }
        Map<String, String> scanning = new LinkedHashMap<>(given.source());
        scanning.put("capture.mode", "scan");
        return new MoreSettings(scanning, given.sink());
    }

    /** What to do about keys at the target. */
    enum OnConflict {
        fail,
        overwrite,
        skip
    }

    /** What to do with keys that a new copy does not bring; named as {@code resync.ghosts} has them. */
    enum Ghosts {
        remove,
        report,
        keep
    }

    /** Keys of others that were allowed to stay at the beginning are not removed later, unless that is asked for. */
    Ghosts ghosts() {
        return ghosts != null ? ghosts : targetMayHoldKeys() ? Ghosts.report : Ghosts.remove;
    }

    /** Whether keys at the target are no reason not to begin. */
    boolean targetMayHoldKeys() {
        return onConflict != OnConflict.fail;
    }

    /** @throws Failure when options contradict each other */
    void check() {
        if (scan && !fullOnly) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "--scan copies once and cannot follow the source; give --full-only, too, or leave --scan out.");
        }
        if (onConflict == OnConflict.skip && ghosts == Ghosts.remove) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "--on-conflict skip leaves keys of others in their place and --ghosts remove removes them; choose --ghosts"
                            + " report or keep, or --on-conflict overwrite.");
        }
    }

    /** The user's own cluster, in place of the embedded one. */
    static final class Remote {
        @Option(
                names = "--connect-url",
                required = true,
                paramLabel = "URL",
                order = 30,
                description = "REST address of a Connect worker that has the plugins, for example http://connect:8083.")
        URI connectUrl;

        @Option(
                names = "--bootstrap-servers",
                required = true,
                paramLabel = "HOST:PORT",
                order = 31,
                description = "The Kafka cluster of that worker, to show progress and lag.")
        String bootstrapServers;

        @Option(
                names = "--kafka-config",
                paramLabel = "FILE",
                order = 32,
                description = "Client properties for that Kafka cluster (security.protocol, sasl.jaas.config, ...).")
        Path kafkaConfig;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                defaultValue = "millrace",
                order = 33,
                description = "Name of the topic, and with -source and -sink of the connectors (default millrace).")
        String name;

        @Option(
                names = "--source-password-ref",
                paramLabel = "REF",
                order = 34,
                description = "What the source connector's config holds as the password: a reference that the worker"
                        + " resolves, for example $${file:/etc/secrets/redis:source}.")
        String sourcePasswordRef;

        @Option(
                names = "--target-password-ref",
                paramLabel = "REF",
                order = 35,
                description = "The same for the target.")
        String targetPasswordRef;
    }
}
