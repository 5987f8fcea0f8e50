package io.millrace.benchmarks.scale;

import io.millrace.benchmarks.table.BenchmarkFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What to run.
 *
 * @param keys strings at the source
 * @param burst commands afterwards
 * @param markers how often the idle lag is taken
 */
record ScaleOptions(int keys, int burst, int markers, List<ScaleCase> cases) {
    private static final int LEAST = 10_000;

    /** @throws BenchmarkFailure for an option that is none, or has no such value */
    static ScaleOptions parse(List<String> arguments) {
        boolean quick = arguments.contains("--quick");
        ScaleOptions options = quick
                ? new ScaleOptions(200_000, 60_000, 30, List.of())
                : new ScaleOptions(1_000_000, 300_000, 100, List.of());
        List<ScaleCase.Axis> axes = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.equals("--quick")) {
                continue;
            }
            if (!List.of("--keys", "--burst", "--only").contains(option)) {
                throw new BenchmarkFailure(
                        option
                                + " is no option; there are --quick, --keys N, --burst N and --only shards, partitions, destination, source or batch.");
            }
            if (++i == arguments.size()) {
                throw new BenchmarkFailure(option + " needs a value behind it.");
            }
            String value = arguments.get(i);
            switch (option) {
                case "--keys" ->
                    options = new ScaleOptions(number(option, value), options.burst, options.markers, List.of());
                case "--burst" ->
                    options = new ScaleOptions(options.keys, number(option, value), options.markers, List.of());
                default -> axes.add(axis(value));
            }
        }
        List<ScaleCase.Axis> wanted = axes.isEmpty() ? Arrays.asList(ScaleCase.Axis.values()) : axes;
        return new ScaleOptions(
                options.keys,
                options.burst,
                options.markers,
                ScaleCase.ALL.stream()
                        .filter(one -> wanted.contains(one.axis()))
                        .toList());
    }

    private static ScaleCase.Axis axis(String value) {
        for (ScaleCase.Axis axis : ScaleCase.Axis.values()) {
            if (axis.id().equals(value)) {
                return axis;
            }
        }
        throw new BenchmarkFailure(
                "--only " + value + " is none of shards, partitions, destination, source and batch.");
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= LEAST) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BenchmarkFailure(option + " " + value + " is no number of " + LEAST + " and more.");
    }
}
