package io.millrace.cli.migration;

import io.millrace.cli.options.Side;
import io.millrace.endpoint.Topology;

/**
 * What is to be migrated, and under which names.
 *
 * @param name names the topic, and with {@code -source} and {@code -sink} the connectors
 * @param sourceMasters masters of a source that is a cluster; 0 when it is none
 * @param sourcePassword what the source connector's config holds in place of the password, or null where there is none
 * @param targetPassword the same for the sink connector
 * @param replicationFactor of the topic; -1 for the broker's default
 * @param ghosts the sink connector's {@code resync.ghosts}
 * @param conflicts the sink connector's {@code conflict.policy}
 * @param spool where the source connector keeps what waits; null leaves it to the worker
 * @param more settings of both connectors that the user has asked for
 */
record MigrationPlan(
        String name,
        Side source,
        int sourceMasters,
        Side target,
        Topology targetTopology,
        String sourcePassword,
        String targetPassword,
        int replicationFactor,
        String ghosts,
        String conflicts,
        SpoolPlace spool,
        MoreSettings more) {

    /** With what the options say of keys at the target. */
    MigrationPlan with(RunOptions options) {
        return new MigrationPlan(
                name,
                source,
                sourceMasters,
                target,
                targetTopology,
                sourcePassword,
                targetPassword,
                replicationFactor,
                options.ghosts().name(),
                options.onConflict == RunOptions.OnConflict.skip ? "skip" : conflicts,
                spool,
                more);
    }

    boolean fromCluster() {
        return sourceMasters > 0;
    }

    String sourceConnector() {
        return name + "-source";
    }

    String sinkConnector() {
        return name + "-sink";
    }

    String topic() {
        return name;
    }
}
