package io.millrace.cli.migration;

import io.millrace.cli.Failure;
import io.millrace.cli.connect.ConnectRest;
import io.millrace.cli.credentials.AddOn;
import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.embedded.EmbeddedRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The embedded broker and worker. */
public final class EmbeddedCluster implements ConnectCluster {
    private final EmbeddedRuntime runtime;
    private final ConnectRest connect;

    private EmbeddedCluster(EmbeddedRuntime runtime) {
        this.runtime = runtime;
        this.connect = new ConnectRest(runtime.connectUrl());
    }

    static EmbeddedCluster start(DataDirectory directory, List<AddOn> addOns) {
        return new EmbeddedCluster(EmbeddedRuntime.start(directory, addOns, Set.of()));
    }

    /** With both connectors of the migration stopped: neither end is connected to. */
    public static EmbeddedCluster startStopped(DataDirectory directory, List<AddOn> addOns) {
        Set<String> connectors = Set.of(Plans.NAME + "-source", Plans.NAME + "-sink");
        return new EmbeddedCluster(EmbeddedRuntime.start(directory, addOns, connectors));
    }

    @Override
    public ConnectRest connect() {
        return connect;
    }

    @Override
    public Map<String, Object> adminConfig() {
        return Map.of("bootstrap.servers", runtime.bootstrapServers());
    }

    /** The state that a stored connector had in an earlier run is still in the status topic, under that run's port. */
    @Override
    public Optional<String> workerId() {
        return Optional.of(runtime.connectUrl().getAuthority());
    }

    @Override
    public Optional<Failure> failure() {
        return runtime.failure();
    }

    @Override
    public boolean isEmbedded() {
        return true;
    }

    @Override
    public void close() {
        runtime.close();
    }
}
