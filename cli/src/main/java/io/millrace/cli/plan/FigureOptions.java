package io.millrace.cli.plan;

import picocli.CommandLine.Option;

/** What the user knows. Null is what was not given. */
final class FigureOptions {
    @Option(names = "--keys", paramLabel = "N", order = 20, description = "Keys of the source, all shards together.")
    Long keys;

    @Option(
            names = "--value-bytes",
            paramLabel = "BYTES",
            order = 21,
            description = "Bytes of an average value and its key; with a unit, such as 4kb, if you like.")
    String valueBytes;

    @Option(
            names = "--data-bytes",
            paramLabel = "BYTES",
            order = 22,
            description =
                    "In place of --value-bytes: memory of the data, all shards together (used_memory_dataset), for"
                            + " example 12gb.")
    String dataBytes;

    @Option(
            names = "--writes-per-second",
            paramLabel = "N",
            order = 23,
            description = "Write commands a second, all shards together. Default: 0.")
    Double writesPerSecond;

    @Option(
            names = "--command-bytes",
            paramLabel = "BYTES",
            order = 24,
            description = "Bytes of an average write command on the wire. Default: 150.")
    String commandBytes;

    @Option(
            names = "--source-shards",
            paramLabel = "N",
            order = 25,
            description = "Masters of the source; 1 is a single server. Default: 1.")
    Integer sourceShards;

    @Option(
            names = "--destination-shards",
            paramLabel = "N",
            order = 26,
            description = "Masters of the destination. Default: 1.")
    Integer destinationShards;

    @Option(
            names = "--round-trip-ms",
            paramLabel = "MS",
            order = 27,
            description = "Round trip between the worker and the destination. Default: 0.5, as within a data center.")
    Double roundTripMillis;

    @Option(
            names = "--source-round-trip-ms",
            paramLabel = "MS",
            order = 28,
            description = "Round trip between the worker and the source. Default: 0.5; with --source, what is measured"
                    + " from here.")
    Double sourceRoundTripMillis;

    @Option(
            names = "--network-mbits",
            paramLabel = "N",
            order = 29,
            description = "What the network gives to either side, in megabits a second. Default: 1000.")
    Double networkMegabits;

    @Option(
            names = "--cores",
            paramLabel = "N",
            order = 30,
            description = "Cores of all Connect workers together. Default: 2.")
    Double cores;

    @Option(
            names = "--grouping",
            paramLabel = "single|batch",
            order = 31,
            description = "record.grouping of the source connector. Default: batch, as 'millrace migrate' has it.")
    String grouping;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            order = 32,
            description = "Tasks of each connector. Default: as many as the plan asks for.")
    Integer tasks;

    @Option(
            names = "--batch-commands",
            paramLabel = "N",
            order = 33,
            description = "batch.max.commands of the sink connector. Default: 1000, as the connector has it.")
    Integer batchCommands;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            order = 34,
            description =
                    "How long the copy may take until the destination is up to date, for example 2h. Default: as long"
                            + " as it takes.")
    String window;

    @Option(
            names = "--retention",
            paramLabel = "HOURS",
            order = 35,
            description = "How long Kafka keeps the log, in hours. Default: 168.")
    Double retentionHours;

    @Option(
            names = "--kafka-replicas",
            paramLabel = "N",
            order = 36,
            description = "Replicas of the topic in Kafka. Default: 3.")
    Integer kafkaReplicas;

    @Option(
            names = "--blip",
            paramLabel = "TIME",
            order = 37,
            description =
                    "How long the source connector may be away and still go on without another copy. Default: 10m.")
    String blip;

    @Option(
            names = "--outage",
            paramLabel = "TIME",
            order = 38,
            description = "How long Kafka may be away while the source is read on. Default: 60m.")
    String outage;
}
