package io.millrace.benchmarks.table;

import java.util.List;
import java.util.Locale;

/**
 * The rows that have a goal as bars of an SVG picture: how far each goal is reached, with a line where it is reached exactly. No
 * script, no fonts of its own.
 */
final class Chart {
    private static final int LEFT = 300;
    private static final int WIDTH = 900;
    private static final int BAR = 22;
    private static final int STEP = 34;
    private static final int TOP = 60;
    private static final int SCALE = 220;

    /** Longer bars would say no more. */
    private static final double MOST = 2.0;

    private Chart() {}

    static String svg(List<Row> rows, String caption) {
        List<Row> judged =
                rows.stream().filter(row -> row.attained().isPresent()).toList();
        int height = TOP + STEP * judged.size() + 30;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH,
                height));
        text(svg, 12, 22, "Share of the goal that is reached; longer is better, whatever is measured");
        text(svg, 12, 42, caption);
        for (int i = 0; i < judged.size(); i++) {
            bar(svg, TOP + STEP * i, judged.get(i));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"black\" stroke-dasharray=\"4\"/>%n",
                LEFT + SCALE,
                TOP - 6,
                LEFT + SCALE,
                height - 24));
        text(svg, LEFT + SCALE - 24, height - 8, "to reach");
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, int y, Row row) {
        double attained = row.attained().orElseThrow();
        double length = Math.min(MOST, attained) * SCALE;
        text(svg, 12, y + 16, row.work() + ": " + row.metric().text());
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                LEFT,
                y,
                length,
                BAR,
                attained >= 1 ? "#2a7f4f" : "#c77d1e"));
        double value = row.judged().orElseThrow();
        String figure = row.metric().isRate()
                ? String.format(Locale.ROOT, "%.2f of native", value)
                : row.metric().format(value);
        text(svg, (int) (LEFT + length) + 8, y + 16, figure);
    }

    private static void text(StringBuilder svg, int x, int y, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\">%s</text>%n",
                x,
                y,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
