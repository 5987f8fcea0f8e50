package io.millrace.cli.migration;

import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.options.Side;
import io.millrace.endpoint.Topology;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A live migration on an embedded broker and worker, for commands that bring their own idea of its end. */
public final class EmbeddedMigration implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final ConnectCluster cluster;
    private final Migration migration;

    private EmbeddedMigration(ConnectCluster cluster, Migration migration) {
        this.cluster = cluster;
        this.migration = migration;
    }

    /** Starts everything, for a source that is no cluster, and returns once both connectors are accepted. */
    public static EmbeddedMigration start(DataDirectory directory, Side from, Side to, Topology targetTopology)
            throws InterruptedException {
        // Secrets must be known before the worker starts.
        MigrationPlan plan = Plans.embedded(MoreSettings.NONE, from, 0, to, targetTopology, SpoolPlace.of(directory));
        ConnectCluster cluster = EmbeddedCluster.start(directory, List.of());
        Migration migration = new Migration(cluster, plan, Clock.systemUTC());
        EmbeddedMigration embedded = new EmbeddedMigration(cluster, migration);
        try {
            migration.start();
            return embedded;
        } catch (RuntimeException | InterruptedException e) {
            embedded.close();
            throw e;
        }
    }

    /** See {@link Migration#watch}. */
    public Progress watch() throws InterruptedException {
        return migration.watch();
    }

    public boolean isSnapshotApplied() {
        return migration.isSnapshotApplied();
    }

    /** True when everything that the source wrote up to this replication offset is at the target. */
    public boolean isAppliedUpTo(long sourceOffset) {
        return migration.isAppliedUpTo(sourceOffset);
    }

    /** Ends the capture; returns the number of records that were not applied in time. */
    public long drain() throws InterruptedException {
        return migration.drain(DRAIN, progress -> {}).recordsLeft();
    }

    @Override
    public void close() {
        migration.close();
        cluster.close();
    }
}
