package io.millrace.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report as lines of text. */
final class ReportText {
    private ReportText() {}

    static List<String> lines(VerifyReport report) {
        List<String> lines = new ArrayList<>();
        String seconds = String.format(Locale.ROOT, "%.1f s", report.elapsed().toMillis() / 1000.0);
        if (report.isEqual()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Equal: %,d keys compared by type, value and expiry in %s.",
                    report.keysCompared(),
                    seconds));
        } else {
            lines.add(String.format(
                    Locale.ROOT,
                    "Not equal: %,d differences; %,d keys of the source and %,d of the target compared in %s.",
                    report.differenceCount(),
                    report.keysCompared(),
                    report.targetKeyCount(),
                    seconds));
        }
        for (int database : report.databases()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  db %d: %,d keys in the source, %,d in the target",
                    database,
                    report.sourceKeys().getOrDefault(database, 0L),
                    report.targetKeys().getOrDefault(database, 0L)));
        }
        for (Difference.Kind kind : Difference.Kind.values()) {
            if (report.counts().containsKey(kind)) {
                lines.add(String.format(
                        Locale.ROOT, "  %s: %,d", kind.label(), report.counts().get(kind)));
            }
        }
        report.differences().forEach(difference -> lines.add("  " + difference));
        if (report.differenceCount() > report.differences().size()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  and %,d more",
                    report.differenceCount() - report.differences().size()));
        }
        report.notes().forEach(note -> lines.add("Note: " + note));
        return lines;
    }
}
