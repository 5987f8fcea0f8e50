package io.millrace.cli.plan;

import io.millrace.cli.output.Quantity;
import io.millrace.sizing.Coefficient;
import io.millrace.sizing.Coefficients;
import io.millrace.sizing.Pace;
import io.millrace.sizing.SizingPlan;
import io.millrace.sizing.SizingRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan for people. */
final class PlanText {
    private static final String ROW = "  %-42s %-24s %s";
    private static final int DAY_SECONDS = 86_400;

    private final List<String> lines = new ArrayList<>();

    private PlanText() {}

    static List<String> of(PlanInputs inputs, Coefficients known, SizingPlan plan, List<String> advice) {
        PlanText text = new PlanText();
        text.times(inputs.request(), plan);
        text.needs(inputs.request(), plan);
        text.lines.add("");
        text.lines.add("Planned from");
        inputs.given().forEach(one -> text.row(one.name(), number(one.value(), one.unit()), one.origin()));
        text.lines.add("");
        text.lines.add("With (measured: " + known.machine() + ")");
        for (Coefficient one : known.all()) {
            text.row(one.name(), number(one.value(), one.unit()), one.origin());
        }
        if (!advice.isEmpty()) {
            text.lines.add("");
            advice.forEach(sentence -> text.lines.add("! " + sentence));
        }
        return text.lines.stream().map(String::stripTrailing).toList();
    }

    private void times(SizingRequest request, SizingPlan plan) {
        SizingPlan.Copy copy = plan.copy();
        SizingPlan.Stream stream = plan.stream();
        lines.add("Time");
        row(
                "copy",
                time(copy.seconds()),
                Quantity.count(request.load().keys()) + " keys at " + pace(copy.pace(), "keys/s"));
        row("up to date after another", time(copy.catchUpSeconds()), "for what is written meanwhile");
        row("changes", count(stream.pace().perSecond()) + "/s", "at most; " + limit(stream.pace()));
        row("of which are used", percent(stream.utilization()), "by the writes");
        row("lag", lag(stream.lagMillis()), "on the average, once it is up to date");
        row("search for ghosts", time(copy.ghostSeconds()), "after every copy but the first");
    }

    private void needs(SizingRequest request, SizingPlan plan) {
        SizingPlan.Workers workers = plan.workers();
        SizingPlan.Source source = plan.source();
        SizingPlan.Log log = plan.log();
        lines.add("");
        lines.add("Workers");
        row("cores", String.format(Locale.ROOT, "%.1f", workers.cores()), "for the writes and the window, 70% full");
        row("heap", bytes(workers.heapBytes()), "of all workers; full buffers and the names of the snapshot, 70% full");
        row(
                "tasks",
                workers.sourceTasks() + " + " + workers.sinkTasks(),
                "of the source and the sink connector (tasks.max)");
        row("spool", bytes(source.spoolBytes()), "on disk for each shard, for an outage of Kafka (spool.max.bytes)");
        lines.add("");
        lines.add("Kafka");
        row("partitions", Integer.toString(workers.partitions()), "of the topic");
        row(
                "disk",
                bytes(log.diskBytes()),
                "on all brokers: " + bytes(log.copyBytes()) + " a copy, " + bytes(log.streamBytes()) + " of writes");
        row("written", bytes(log.bytesPerSecond()) + "/s", "at most, on all brokers");
        lines.add("");
        lines.add(request.layout().isOrderedAsOne() ? "Source" : "Source, each shard");
        row("repl-backlog-size", bytes(source.backlogBytes()), "so that a blip is continued, half as much again");
        row("client-output-buffer-limit", bufferLimit(source), "writes during the copy, twice");
        row("sends its snapshot for", time(source.sendSeconds()), "a child process exists so long");
        row("memory more meanwhile", bytes(source.forkBytes()), "at most, pages written to while the child exists");
        row("", bytes(source.bufferBytes()), "writes that wait for the replica");
    }

    private void row(String name, String value, String why) {
        lines.add(String.format(Locale.ROOT, ROW, name, value, why));
    }

    static String bufferLimit(SizingPlan.Source source) {
        return "replica " + mib(source.bufferHardBytes()) + " " + mib(source.bufferSoftBytes()) + " 120";
    }

    private static String mib(double bytes) {
        return (long) (bytes / (1 << 20)) + "mb";
    }

    private static String pace(Pace pace, String unit) {
        return count(pace.perSecond()) + " " + unit + "; " + limit(pace);
    }

    private static String limit(Pace pace) {
        return "the limit is " + pace.limit().text();
    }

    static String time(double seconds) {
        if (Double.isInfinite(seconds)) {
            return "never";
        }
        if (seconds >= DAY_SECONDS) {
            return String.format(Locale.ROOT, "%.1f days", seconds / DAY_SECONDS);
        }
        return seconds < 10
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : Quantity.clock(Duration.ofSeconds(Math.round(seconds)));
    }

    private static String lag(double millis) {
        return Double.isInfinite(millis)
                ? "grows for ever"
                : millis < 10_000 ? String.format(Locale.ROOT, "%.0f ms", millis) : time(millis / 1000);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", share * 100);
    }

    private static String count(double number) {
        return Quantity.count(Math.round(number));
    }

    private static String bytes(double bytes) {
        return Quantity.bytes(Math.round(bytes));
    }

    private static String number(double value, String unit) {
        if (unit.startsWith("B") && value >= 10_000) {
            return bytes(value) + unit.substring(1);
        }
        String text = value == Math.rint(value)
                ? Quantity.count((long) value)
                : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
        return unit.isEmpty() || unit.startsWith("/") ? text + unit : text + " " + unit;
    }
}
