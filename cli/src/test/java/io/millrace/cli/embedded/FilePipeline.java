package io.millrace.cli.embedded;

import io.millrace.cli.connect.ConnectRest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A process that runs the embedded runtime with Kafka's own file connectors, for tests that kill it. Arguments: data
 * directory, input file, output file. It ends in order when its standard input ends.
 */
final class FilePipeline {
    private FilePipeline() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        // Before the start: stored connectors run again by themselves.
        SessionSecrets.put("input", arguments[1]);
        try (DataDirectory directory = DataDirectory.open(root);
                EmbeddedRuntime runtime =
                        EmbeddedRuntime.start(directory, Files.createDirectories(directory.plugins()))) {
            ConnectRest connect = new ConnectRest(runtime.connectUrl());
            String text = "org.apache.kafka.connect.storage.StringConverter";
            connect.putConfig(
                    "in",
                    Map.of(
                            "connector.class", "FileStreamSource",
                            "topic", "lines",
                            "topic.creation.default.partitions", "1",
                            "topic.creation.default.replication.factor", "1",
                            "file", SessionSecrets.placeholder("input"),
                            "value.converter", text));
            connect.putConfig(
                    "out",
                    Map.of(
                            "connector.class",
                            "FileStreamSink",
                            "topics",
                            "lines",
                            "file",
                            arguments[2],
                            "value.converter",
                            text));
            while (System.in.read() >= 0) {
                // Only the end of the input counts.
            }
        }
    }
}
