package io.millrace.cli.dirty;

import picocli.CommandLine.Option;

/** Which sink connector's notes at the target are meant. */
public final class SinkOption {
    @Option(
            names = "--sink",
            paramLabel = "NAME",
            defaultValue = "millrace-sink",
            order = 20,
            description = "Name of the sink connector (default millrace-sink, as 'millrace migrate' calls it).")
    public String name;
}
