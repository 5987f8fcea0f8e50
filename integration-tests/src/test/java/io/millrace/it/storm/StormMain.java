package io.millrace.it.storm;

import io.millrace.it.storm.StormOptions.DestinationKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Storms by hand: see {@code scripts/storm}. Ends with 0 when all of them hold. */
final class StormMain {

    private StormMain() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = System.out;
        StormOptions options;
        try {
            options = parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "; see the head of scripts/storm");
            System.exit(2);
            return;
        }
        boolean holds = true;
        out.println("Storms from seed " + options.seed() + "; files in " + options.directory());
        List<StormReport> reports = new ArrayList<>();
        try (StormRuntime runtime = StormRuntime.start(options.directory(), options.exactlyOnce())) {
            for (int n = 0; n < options.storms(); n++) {
                StormPlan plan = StormPlan.of(options.seed() + n, options.faults(), options.kinds());
                StormReport report = new Storm(plan, options.destination(n), options, runtime, out).run();
                reports.add(report);
                holds &= report.holds();
                if (options.report() != null) {
                    Files.writeString(options.report(), StormFigures.json(reports));
                }
            }
        }
        StormFigures.table(reports).forEach(out::println);
        System.exit(holds ? 0 : 1);
    }

    static StormOptions parse(String... args) throws IOException {
        Map<String, String> given = new HashMap<>();
        Map<String, String> sink = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            if (args[i].equals("--sink")) {
                String[] setting = args[i + 1].split("=", 2);
                sink.put(setting[0], setting[1]);
            } else {
                given.put(args[i], args[i + 1]);
            }
        }
        long seed = number(given, "--seed", ThreadLocalRandom.current().nextInt(1_000_000));
        int storms = (int) number(given, "--storms", 1);
        int faults = (int) number(given, "--faults", StormOptions.FAULTS);
        int rate = (int) number(given, "--rate", StormOptions.RATE);
        boolean exactlyOnce = "exactly-once".equals(given.remove("--source"));
        String report = given.remove("--report");
        String directory = given.remove("--directory");
        Set<DestinationKind> destinations = all(given.remove("--destination"), DestinationKind.class);
        Set<FaultKind> kinds = all(given.remove("--kinds"), FaultKind.class);
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no option " + given.keySet().iterator().next());
        }
        return new StormOptions(
                seed,
                storms,
                faults,
                destinations,
                rate,
                exactlyOnce,
                report == null ? null : Path.of(report).toAbsolutePath(),
                directory == null ? Files.createTempDirectory("millrace-storm-") : Path.of(directory),
                kinds,
                sink);
    }

    private static long number(Map<String, String> given, String name, long otherwise) {
        String text = given.remove(name);
        return text == null ? otherwise : Long.parseLong(text);
    }

    /** A list with commas; nothing stands for all. */
    private static <E extends Enum<E>> Set<E> all(String list, Class<E> type) {
        if (list == null) {
            return EnumSet.allOf(type);
        }
        EnumSet<E> chosen = EnumSet.noneOf(type);
        Arrays.stream(list.split(","))
                .forEach(name -> chosen.add(
                        Enum.valueOf(type, name.strip().toUpperCase(Locale.ROOT).replace('-', '_'))));
        return chosen;
    }
}
