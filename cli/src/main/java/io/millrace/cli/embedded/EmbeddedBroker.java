package io.millrace.cli.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A one-node KRaft broker, broker and controller in one, on loopback. */
public final class EmbeddedBroker implements AutoCloseable {
    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts on the log of an earlier run, or formats a new one. After a kill the broker recovers its log by itself.
     *
     * @param logDirectory where the log lives; made when missing
     */
    public static EmbeddedBroker start(Path logDirectory) {
        int[] ports = Loopback.freePorts(2);
        Properties properties = BrokerProperties.of(logDirectory, ports[0], ports[1]);
        if (!Files.exists(logDirectory.resolve("meta.properties"))) {
            format(logDirectory, properties);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        server.startup();
        return new EmbeddedBroker(server, Loopback.HOST + ":" + ports[0]);
    }

    private static void format(Path logDirectory, Properties properties) {
        try {
            Files.createDirectories(logDirectory);
            Path config = Files.createTempFile(logDirectory.getParent(), "broker", ".properties");
            try {
                try (OutputStream out = Files.newOutputStream(config)) {
                    properties.store(out, null);
                }
                String[] arguments = {
                    "format", "-t", Uuid.randomUuid().toString(), "-c", config.toString(), "--ignore-formatted"
                };
                PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
                int status = StorageTool.execute(arguments, silent);
                if (status != 0) {
                    throw new IllegalStateException("formatting " + logDirectory + " ended with status " + status);
                }
            } finally {
                Files.deleteIfExists(config);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
