package io.millrace.cli.plan;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.sizing.Aims;
import io.millrace.sizing.Coefficients;
import io.millrace.sizing.Grouping;
import io.millrace.sizing.Layout;
import io.millrace.sizing.SizingRequest;
import io.millrace.sizing.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the plan starts from: an option where there is one, else what the source has said, else what is usual.
 *
 * @param given every figure with its origin
 */
record PlanInputs(SizingRequest request, List<Given> given) {
    static final double COMMAND_BYTES = 150;

    /** The shortest command, {@code *1\r\n$4\r\nPING\r\n}. */
    private static final double LEAST_COMMAND = 14;

    private static final double MOST = 1e15;
    private static final double MOST_SECONDS = 10 * 365 * 86_400.0;
    private static final int SLOTS = 16_384;

    PlanInputs {
        given = List.copyOf(given);
    }

    /**
     * @param source null where no source was asked
     * @throws Failure that names the option at fault
     */
    static PlanInputs of(FigureOptions options, SourceFigures source, Coefficients known) {
        return new Reader(options, source, known).read();
    }

    /** Collects the figures on its way. */
    private static final class Reader {
        private final FigureOptions options;
        private final SourceFigures source;
        private final Coefficients known;
        private final List<Given> given = new ArrayList<>();

        Reader(FigureOptions options, SourceFigures source, Coefficients known) {
            this.options = options;
            this.source = source;
            this.known = known;
        }

        PlanInputs read() {
            if (options.valueBytes != null && options.dataBytes != null) {
                throw new Failure(
                        ExitStatus.USAGE,
                        "--value-bytes and --data-bytes say the same in two ways; leave one of them out.");
            }
            long keys = keys();
            double value = valueBytes(keys);
            Workload load = new Workload(
                    keys,
                    value,
                    figure(
                            "--writes-per-second",
                            "writes",
                            "/s",
                            options.writesPerSecond,
                            source == null ? null : source.writesPerSecond(),
                            source != null && source.countsReads()
                                    ? "while it was watched, reads included, as it has no backlog"
                                    : "while it was watched",
                            0,
                            0,
                            1e9),
                    figure(
                            "--command-bytes",
                            "bytes of a command",
                            "B",
                            options.commandBytes == null
                                    ? null
                                    : Amounts.bytes("--command-bytes", options.commandBytes),
                            source == null || source.commandBytes().isEmpty()
                                    ? null
                                    : Math.max(
                                            LEAST_COMMAND, source.commandBytes().getAsDouble()),
                            "while it was watched, reads included",
                            COMMAND_BYTES,
                            LEAST_COMMAND,
                            MOST),
                    grouping());
            return new PlanInputs(new SizingRequest(load, layout(), aims()), given);
        }

        private long keys() {
            if (options.keys == null && source == null) {
                throw new Failure(
                        ExitStatus.USAGE,
                        "There is nothing to plan from; give --keys and --value-bytes (or --data-bytes), or a --source to"
                                + " ask.");
            }
            return (long) figure(
                    "--keys",
                    "keys",
                    "",
                    options.keys == null ? null : (double) options.keys,
                    source == null ? null : (double) source.keys(),
                    "INFO keyspace",
                    0,
                    0,
                    1e13);
        }

        private double valueBytes(long keys) {
            if (options.valueBytes != null) {
                return figure(
                        "--value-bytes",
                        "bytes of a value",
                        "B",
                        Amounts.bytes("--value-bytes", options.valueBytes),
                        null,
                        "",
                        0,
                        1,
                        MOST);
            }
            if (options.dataBytes == null && source == null) {
                throw new Failure(
                        ExitStatus.USAGE,
                        "The size of the values is missing; give --value-bytes, or --data-bytes for all of them.");
            }
            double data = figure(
                    "--data-bytes",
                    "memory of the data",
                    "B",
                    options.dataBytes == null ? null : Amounts.bytes("--data-bytes", options.dataBytes),
                    source == null ? null : (double) source.dataBytes(),
                    "INFO memory, used_memory_dataset",
                    0,
                    0,
                    MOST);
            double each = keys == 0 ? 0 : Math.max(1, data / keys - known.redisKeyBytes());
            given.add(new Given("bytes of a value", each, "B", "memory of the data by keys, less what a key needs"));
            return each;
        }

        private Layout layout() {
            return new Layout(
                    (int) figure(
                            "--source-shards",
                            "source shards",
                            "",
                            boxed(options.sourceShards),
                            source == null ? null : (double) source.shards(),
                            "its masters",
                            1,
                            1,
                            SLOTS),
                    (int) option(
                            "--destination-shards",
                            "destination shards",
                            "",
                            boxed(options.destinationShards),
                            1,
                            1,
                            SLOTS),
                    figure(
                            "--source-round-trip-ms",
                            "round trip to the source",
                            "ms",
                            options.sourceRoundTripMillis,
                            source == null ? null : source.roundTripMillis(),
                            "PING from here",
                            0.5,
                            0,
                            60_000),
                    option(
                            "--round-trip-ms",
                            "round trip to the destination",
                            "ms",
                            options.roundTripMillis,
                            0.5,
                            0,
                            60_000),
                    option("--network-mbits", "network", "Mbit/s", options.networkMegabits, 1000, 0.001, 1e7),
                    option("--cores", "cores of all workers", "", options.cores, 2, 0.1, 100_000),
                    (int) option("--tasks", "tasks of each connector", "", boxed(options.tasks), 0, 0, SLOTS),
                    (int) option(
                            "--batch-commands",
                            "commands of a sink's batch",
                            "",
                            boxed(options.batchCommands),
                            1000,
                            1,
                            100_000));
        }

        private Aims aims() {
            Duration window = options.window == null ? null : Amounts.duration("--window", options.window);
            if (window != null) {
                double seconds = Amounts.within("--window", window.toMillis() / 1000.0, 1, MOST_SECONDS);
                given.add(new Given("window of the copy", seconds, "s", "--window"));
            }
            double hours = option("--retention", "retention of the log", "h", options.retentionHours, 168, 0, 100_000);
            return new Aims(
                    window,
                    Duration.ofMillis(Math.round(hours * 3_600_000)),
                    (int) option("--kafka-replicas", "replicas in Kafka", "", boxed(options.kafkaReplicas), 3, 1, 100),
                    time("--blip", "blip of the connector", options.blip, 600),
                    time("--outage", "outage of Kafka", options.outage, 3600));
        }

        private Grouping grouping() {
            String text = options.grouping == null ? "batch" : options.grouping.toLowerCase(Locale.ROOT);
            return switch (text) {
                case "single" -> Grouping.SINGLE;
                case "batch" -> Grouping.BATCH;
                default ->
                    throw new Failure(
                            ExitStatus.USAGE, "--grouping: '" + options.grouping + "' is neither single nor batch.");
            };
        }

        private Duration time(String option, String name, String text, double usual) {
            Double seconds =
                    text == null ? null : Amounts.duration(option, text).toMillis() / 1000.0;
            return Duration.ofMillis(Math.round(option(option, name, "s", seconds, usual, 0, MOST_SECONDS) * 1000));
        }

        private double option(
                String option, String name, String unit, Double value, double usual, double least, double most) {
            return figure(option, name, unit, value, null, "", usual, least, most);
        }

        private double figure(
                String option,
                String name,
                String unit,
                Double value,
                Double ofSource,
                String how,
                double usual,
                double least,
                double most) {
            if (value != null) {
                Amounts.within(option, value, least, most);
                given.add(new Given(name, value, unit, option));
                return value;
            }
            double found = ofSource == null ? usual : ofSource;
            given.add(new Given(name, found, unit, ofSource == null ? "not given" : source.display() + ", " + how));
            return found;
        }

        private static Double boxed(Integer value) {
            return value == null ? null : (double) value;
        }
    }
}
