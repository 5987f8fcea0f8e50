package io.millrace.cli.options;

import io.millrace.cli.output.Terminal;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a command talks. */
public final class OutputOptions {
    @Option(names = "--json", order = 90, description = "Print JSON for machines: one object a line, errors too.")
    private boolean json;

    public Terminal terminal(Map<String, String> environment) {
        return Terminal.of(environment, json);
    }
}
