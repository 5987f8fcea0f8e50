package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Holds the reference parts of docs/cli.md to the declared commands. Run with {@code -Dmillrace.write-docs} to write them
 * anew.
 */
class CliReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "cli.md");

    @Test
    void thePageListsEveryOptionAndExitCodeAsDeclared() throws IOException {
        String page = Files.readString(PAGE);
        String wanted = replace(replace(page, "exit codes", exitCodes()), "options", options());
        if (Boolean.getBoolean("millrace.docs.update")) {
            Files.writeString(PAGE, wanted);
            return;
        }
        assertThat(page)
                .as("docs/cli.md; write it anew with -Dmillrace.docs.update=true")
                .isEqualTo(wanted);
    }

    @Test
    void everyOptionIsDescribed() {
        for (CommandLine command : Millrace.commandLine().getSubcommands().values()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(option.description()).as(option.longestName()).isNotEmpty();
            }
        }
    }

    private static String replace(String page, String part, String content) {
        Pattern pattern = Pattern.compile("(<!-- generated: " + part + " -->\n).*?(<!-- end -->)", Pattern.DOTALL);
        Matcher matcher = pattern.matcher(page);
        assertThat(matcher.find()).as(part).isTrue();
        return matcher.replaceFirst("$1" + Matcher.quoteReplacement(content) + "$2");
    }

    private static String exitCodes() {
        StringBuilder table = new StringBuilder("| code | meaning |\n|---|---|\n");
        for (ExitStatus status : ExitStatus.values()) {
            table.append("| ")
                    .append(status.code())
                    .append(" | ")
                    .append(status.meaning())
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String options() {
        StringBuilder text = new StringBuilder();
        Millrace.commandLine().getSubcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            if (name.equals("help")) {
                return;
            }
            text.append("### `millrace ").append(name).append("`\n\n");
            text.append(String.join(" ", spec.usageMessage().header())).append("\n\n");
            text.append("| option | meaning |\n|---|---|\n");
            spec.options().stream()
                    .sorted(Comparator.comparingInt(CliReferenceTest::order).thenComparing(OptionSpec::longestName))
                    .forEach(option -> text.append(row(option)));
            text.append('\n');
        });
        return text.toString();
    }

    private static int order(OptionSpec option) {
        return option.order() < 0 ? Integer.MAX_VALUE : option.order();
    }

    private static String row(OptionSpec option) {
        String parameter = option.arity().max() > 0 ? "=" + option.paramLabel() : "";
        return "| `" + String.join("`, `", option.names()) + parameter + "`"
                + (option.required() && option.group() == null ? " (required)" : "")
                + " | "
                + String.join(" ", option.description()).replace("$${", "${").replace("|", "\\|") + " |\n";
    }
}
