package io.millrace.benchmarks.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows as a table of Markdown. */
final class TextTable {
    private TextTable() {}

    static List<String> lines(List<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("| work | measured | Millrace | spread | native | over native | to reach | beyond | |");
        lines.add("|---|---|---|---|---|---|---|---|---|");
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private static String line(Row row) {
        Metric metric = row.metric();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.0f%% | %s | %s | %s | %s | %s |",
                row.work(),
                metric.text(),
                metric.format(row.ours().median()),
                row.ours().spread() * 100,
                row.nativeRate() == null ? "" : metric.format(row.nativeRate().median()),
                row.ratio()
                        .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                        .orElse(""),
                row.goal().map(goal -> text(metric, goal.reach())).orElse(""),
                row.goal().map(goal -> text(metric, goal.beyond())).orElse(""),
                row.attained()
                        .map(attained -> attained >= 1 ? "reached" : "not yet")
                        .orElse(""));
    }

    private static String text(Metric metric, double goal) {
        return metric.isRate() ? String.format(Locale.ROOT, "%.2f", goal) : metric.format(goal);
    }
}
