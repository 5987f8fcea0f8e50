package io.millrace.cli.plan;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people type them. */
final class Amounts {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?)([a-z]*)");
    private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86_400L);
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30, "tb", 1L << 40);

    private Amounts() {}

    /** For example {@code 90s}, {@code 30m}, {@code 2h}, {@code 1.5d}. */
    static Duration duration(String option, String text) {
        Matcher matcher = match(text);
        Long unit = matcher == null ? null : SECONDS.get(matcher.group(2));
        if (unit == null) {
            throw new Failure(
                    ExitStatus.USAGE,
                    option + ": '" + text + "' is no time; write a number and a unit, such as 90s, 30m, 2h or 1d.");
        }
        return Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * unit * 1000));
    }

    /** For example {@code 100}, {@code 4kb}, {@code 1.5tb}, as Redis counts them. */
    static double bytes(String option, String text) {
        Matcher matcher = match(text);
        Long unit = matcher == null ? null : BYTES.get(matcher.group(2));
        if (unit == null) {
            throw new Failure(
                    ExitStatus.USAGE,
                    option + ": '" + text + "' is no size; write bytes, or a number with kb, mb, gb or tb.");
        }
        return Double.parseDouble(matcher.group(1)) * unit;
    }

    /** @throws Failure naming the option where a number lies outside of what there can be */
    static double within(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new Failure(
                    ExitStatus.USAGE,
                    option + ": " + plain(value) + " is out of range; give a number from " + plain(least) + " to "
                            + plain(most) + ".");
        }
        return value;
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    private static Matcher match(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.toLowerCase(Locale.ROOT));
        return matcher.matches() ? matcher : null;
    }
}
