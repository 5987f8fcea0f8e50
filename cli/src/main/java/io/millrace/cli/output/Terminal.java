package io.millrace.cli.output;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command prints. Results and progress go to {@code out}, errors and warnings to {@code err}. Colour and lines that
 * change in place are for people: never where {@code NO_COLOR} is set, in a pipe, or on a terminal that cannot.
 *
 * @param interactive true when {@code out} is a terminal that understands escape sequences
 * @param json true when machines read: one JSON object a line on {@code out}, nothing else there
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean json) {
    private static final String ESC = "\u001b[";

    /** The terminal of this process. */
    public static Terminal of(Map<String, String> environment, boolean json) {
        String noColor = environment.get("NO_COLOR");
        String term = environment.get("TERM");
        boolean capable = System.console() != null
                && (noColor == null || noColor.isEmpty())
                && term != null
                && !term.equals("dumb");
        return new Terminal(System.out, System.err, capable && !json, json);
    }

    public String bold(String text) {
        return styled("1", text);
    }

    public String good(String text) {
        return styled("32", text);
    }

    public String bad(String text) {
        return styled("31", text);
    }

    public String dim(String text) {
        return styled("2", text);
    }

    private String styled(String code, String text) {
        return interactive ? ESC + code + "m" + text + ESC + "0m" : text;
    }

    /** A line for people; left out where machines read. */
    public void say(String line) {
        if (!json) {
            out.println(line);
        }
    }

    public void warn(String sentence) {
        err.println("millrace: warning: " + sentence);
    }

    public void error(String sentence) {
        err.println("millrace: " + sentence);
    }

    /** Replaces the last line that was drawn, on an interactive terminal only; what does not fit is cut, not wrapped. */
    public void redraw(String line) {
        out.print("\r" + ESC + "2K" + ESC + "?7l" + line + ESC + "?7h");
        out.flush();
    }

    /** Ends a line that was drawn in place. */
    public void endRedraw() {
        out.println();
    }
}
