package io.millrace.benchmarks.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What to run.
 *
 * @param keys strings at the source; the mixed data has a twentieth as many hashes
 * @param burst commands of the burst
 * @param markers how often the idle lag is taken
 * @param rounds runs of each work
 * @param soakMinutes 0 for the table, else only the soak
 * @param json where to write the figures, or null
 * @param chart where to draw the chart, or null
 */
record TableOptions(
        int keys, int burst, int markers, int rounds, List<Work> works, int soakMinutes, Path json, Path chart) {

    private static final TableOptions FULL = new TableOptions(2_000_000, 1_000_000, 1000, 3, Work.all(), 0, null, null);
    private static final TableOptions QUICK = new TableOptions(
            200_000, 100_000, 200, 1, List.of(Work.STANDALONE, Work.CLUSTER, Work.SINGLE, Work.MIXED), 0, null, null);

    /** @throws BenchmarkFailure for an option that is none, or has no such value */
    static TableOptions parse(List<String> arguments) {
        TableOptions options = arguments.contains("--quick") ? QUICK : FULL;
        List<Work> only = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.equals("--quick")) {
                continue;
            }
            if (!List.of("--keys", "--burst", "--rounds", "--only", "--soak", "--json", "--chart")
                    .contains(option)) {
                throw new BenchmarkFailure(option
                        + " is no option; there are --quick, --keys N, --burst N, --rounds N, --only NAME, --soak MINUTES,"
                        + " --json FILE and --chart FILE.");
            }
            if (++i == arguments.size()) {
                throw new BenchmarkFailure(option + " needs a value behind it.");
            }
            String value = arguments.get(i);
            options = switch (option) {
                case "--keys" -> options.withKeys(number(option, value, 1000));
                case "--burst" -> options.withBurst(number(option, value, 1000));
                case "--rounds" -> options.withRounds(number(option, value, 1));
                case "--soak" -> options.withSoak(number(option, value, 1));
                case "--json" -> options.withFiles(Path.of(value), options.chart);
                case "--chart" -> options.withFiles(options.json, Path.of(value));
                default -> {
                    only.add(work(value));
                    yield options;
                }
            };
        }
        return only.isEmpty() ? options : options.withWorks(only);
    }

    private static int number(String option, String value, int least) {
        if (!value.matches("[0-9]{1,8}") || Integer.parseInt(value) < least) {
            throw new BenchmarkFailure(option + " takes a number from " + least + " to 99999999, not " + value + ".");
        }
        return Integer.parseInt(value);
    }

    private static Work work(String name) {
        return Arrays.stream(Work.values())
                .filter(work -> work.id().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new BenchmarkFailure("--only " + name + " is none of " + Work.ids() + "."));
    }

    int hashes() {
        return Math.max(100, keys / 20);
    }

    private TableOptions withKeys(int count) {
        return new TableOptions(count, burst, markers, rounds, works, soakMinutes, json, chart);
    }

    private TableOptions withBurst(int count) {
        return new TableOptions(keys, count, markers, rounds, works, soakMinutes, json, chart);
    }

    private TableOptions withRounds(int count) {
        return new TableOptions(keys, burst, markers, count, works, soakMinutes, json, chart);
    }

    private TableOptions withSoak(int minutes) {
        return new TableOptions(keys, burst, markers, rounds, works, minutes, json, chart);
    }

    private TableOptions withFiles(Path jsonFile, Path chartFile) {
        return new TableOptions(keys, burst, markers, rounds, works, soakMinutes, jsonFile, chartFile);
    }

    private TableOptions withWorks(List<Work> chosen) {
        return new TableOptions(keys, burst, markers, rounds, List.copyOf(chosen), soakMinutes, json, chart);
    }
}
