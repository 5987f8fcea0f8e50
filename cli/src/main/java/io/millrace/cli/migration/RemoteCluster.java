package io.millrace.cli.migration;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.connect.ConnectRest;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The user's own Kafka and Connect. Nothing of it ends with this process. */
public final class RemoteCluster implements ConnectCluster {
    private final ConnectRest connect;
    private final Map<String, Object> adminConfig;

    private RemoteCluster(ConnectRest connect, Map<String, Object> adminConfig) {
        this.connect = connect;
        this.adminConfig = adminConfig;
    }

    /**
     * @param kafkaConfig client properties, for security; may be null
     * @param plugins the connector classes that the worker must have
     * @throws Failure when no worker answers there, or it has not got the connectors
     */
    public static RemoteCluster of(URI connectUrl, String bootstrapServers, Path kafkaConfig, List<String> plugins) {
        ConnectRest connect = new ConnectRest(connectUrl);
        List<String> classes = connect.connectorClasses();
        for (String needed : plugins) {
            if (!classes.contains(needed)) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        "Connect at " + connectUrl + " has no plugin " + needed
                                + "; unpack its plugin zip into plugin.path and restart the worker.");
            }
        }
        Map<String, Object> config = new HashMap<>();
        if (kafkaConfig != null) {
            load(kafkaConfig).forEach((key, value) -> config.put((String) key, value));
        }
        config.put("bootstrap.servers", bootstrapServers);
        return new RemoteCluster(connect, config);
    }

    private static Properties load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "--kafka-config: the file " + file + " cannot be read ("
                            + e.getClass().getSimpleName() + "); name a readable properties file.");
        }
    }

    @Override
    public ConnectRest connect() {
        return connect;
    }

    @Override
    public Map<String, Object> adminConfig() {
        return adminConfig;
    }

    @Override
    public Optional<String> workerId() {
        return Optional.empty();
    }

    @Override
    public Optional<Failure> failure() {
        return Optional.empty();
    }

    @Override
    public boolean isEmbedded() {
        return false;
    }

    @Override
    public void close() {
        // Every call to Connect is a request of its own, and each watch closes its own client.
    }
}
