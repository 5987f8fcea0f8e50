package io.millrace.cli.replay;

import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a replay begins and ends, and on what it runs. */
final class ReplayOptions {
    @ArgGroup(multiplicity = "1", heading = "%nWhere it begins, one of:%n", order = 20)
    From from;

    @ArgGroup(heading = "%nWhere it ends, instead of at the end of the log:%n", order = 30)
    Until until;

    @ArgGroup(heading = "%nFor a target that holds keys:%n", order = 40)
    Keys keys;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            order = 30,
            description = "The data directory of the migration whose log is applied again.")
    Path dataDirectory;

    @Option(
            names = "--source",
            paramLabel = "URI",
            order = 31,
            description = "The source of that migration, to find its data directory where --data-dir is not given."
                    + " It is not connected to.")
    String source;

    @ArgGroup(exclusive = false, heading = "%nWith a Kafka and Connect of your own:%n", order = 100)
    Remote remote;

    /** Where it begins. */
    static final class From {
        @Option(
                names = "--from-start",
                required = true,
                order = 20,
                description =
                        "Begin where the newest complete snapshot in the log begins: this rebuilds an empty target.")
        boolean start;

        @Option(
                names = "--to-offset",
                required = true,
                paramLabel = "OFFSET",
                order = 21,
                description =
                        "Go back to this offset of the topic; with several partitions PARTITION:OFFSET,... for each.")
        String offset;

        @Option(
                names = "--to-time",
                required = true,
                paramLabel = "TIME",
                order = 22,
                description = "Go back to the first record that was captured at this time or later, such as"
                        + " 2030-01-31T12:00:00Z.")
        String time;
    }

    /** Where it ends. */
    static final class Until {
        @Option(
                names = "--until-offset",
                required = true,
                paramLabel = "OFFSET",
                order = 23,
                description =
                        "Apply nothing at this offset of the topic or after it, so that the target is as it was then.")
        String offset;

        @Option(
                names = "--until-time",
                required = true,
                paramLabel = "TIME",
                order = 24,
                description = "Apply nothing that was captured at this time or later.")
        String time;
    }

    /** What becomes of the keys that the target holds. */
    static final class Keys {
        @Option(
                names = "--flush-target",
                required = true,
                order = 25,
                description = "Remove all keys of all databases of the target first (FLUSHALL).")
        boolean flush;

        @Option(
                names = "--apply-twice",
                required = true,
                order = 26,
                description = "Apply the log to the keys as they are. What was applied before is applied a second time:"
                        + " counters and lists end up wrong.")
        boolean twice;
    }

    /** The user's own cluster, in place of a data directory. */
    static final class Remote {
        @Option(
                names = "--connect-url",
                required = true,
                paramLabel = "URL",
                order = 32,
                description = "REST address of a Connect worker of the cluster that runs the sink.")
        URI connectUrl;

        @Option(
                names = "--bootstrap-servers",
                required = true,
                paramLabel = "HOST:PORT",
                order = 33,
                description = "The Kafka cluster of that worker.")
        String bootstrapServers;

        @Option(
                names = "--kafka-config",
                paramLabel = "FILE",
                order = 34,
                description = "Client properties for that Kafka cluster (security.protocol, sasl.jaas.config, ...).")
        Path kafkaConfig;

        @Option(
                names = "--sink",
                paramLabel = "NAME",
                defaultValue = "millrace-sink",
                order = 35,
                description = "Name of the sink connector (default millrace-sink).")
        String sink;
    }
}
