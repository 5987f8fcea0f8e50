package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.sizing.Coefficient;
import io.millrace.sizing.Coefficients;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs the examples of docs/sizing.md and holds what the page shows, and its table of figures, to what there is. */
class SizingPageTest {
    private static final Path PAGE = Path.of("..", "docs", "sizing.md");
    private static final String FENCE = "```";
    private static final int FEWEST = 5;

    @Test
    void thePageShowsWhatTheCommandsPrint() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        List<String> wanted = new ArrayList<>();
        int examples = 0;
        for (int i = 0; i < page.size(); i++) {
            wanted.add(page.get(i));
            if (page.get(i).equals("<!-- plan -->")) {
                int command = i + 2;
                int commandEnd = next(page, FENCE, command);
                int output = next(page, FENCE, commandEnd + 1) + 1;
                wanted.addAll(page.subList(i + 1, output));
                wanted.addAll(shown(String.join(" ", page.subList(command, commandEnd))));
                i = next(page, FENCE, output) - 1;
                examples++;
            } else if (page.get(i).equals("<!-- generated: coefficients -->")) {
                wanted.addAll(figures());
                i = next(page, "<!-- end -->", i) - 1;
            }
        }
        assertThat(examples).isGreaterThanOrEqualTo(FEWEST);
        if (Boolean.getBoolean("millrace.docs.update")) {
            Files.write(PAGE, wanted);
            return;
        }
        assertThat(page)
                .as("docs/sizing.md; bring it up to date with -Dmillrace.docs.update=true")
                .isEqualTo(wanted);
    }

    private static int next(List<String> page, String line, int from) {
        int at = from;
        while (!page.get(at).equals(line)) {
            at++;
        }
        return at;
    }

    /** All but what the plan starts from, which other examples repeat. */
    private static List<String> shown(String command) {
        String[] words = command.replace("\\", "").strip().split(" +");
        assertThat(words).startsWith("./millrace", "plan");
        Ran ran = Ran.millrace(Arrays.copyOfRange(words, 1, words.length));
        assertThat(ran.err()).isEmpty();
        List<String> lines = ran.out().lines().toList();
        int from = lines.indexOf("Planned from");
        Stream<String> advice =
                lines.stream().skip(from).filter(line -> line.startsWith("! ")).map(SizingPageTest::wrapped);
        return Stream.concat(lines.stream().limit(from), advice.flatMap(String::lines))
                .toList();
    }

    private static String wrapped(String line) {
        StringBuilder text = new StringBuilder();
        int column = 0;
        for (String word : line.split(" ")) {
            if (column > 0 && column + word.length() > 120) {
                text.append("\n ");
                column = 1;
            }
            text.append(column == 0 ? "" : " ").append(word);
            column += word.length() + 1;
        }
        return text.toString();
    }

    private static List<String> figures() {
        List<String> lines = new ArrayList<>();
        lines.add("Machine: " + Coefficients.CURRENT.machine() + ".");
        lines.add("");
        lines.add("| figure | value | origin |");
        lines.add("|---|---|---|");
        for (Coefficient one : Coefficients.CURRENT.all()) {
            lines.add("| " + one.name() + " | "
                    + (BigDecimal.valueOf(Math.round(one.value() * 100), 2)
                                            .stripTrailingZeros()
                                            .toPlainString() + " " + one.unit())
                            .strip()
                    + " | " + one.origin() + " |");
        }
        return lines;
    }
}
