package io.millrace.cli.migration;

import io.millrace.cli.options.Side;
import io.millrace.endpoint.Topology;

/**
 * What is to be migrated, and under which names.
 *
 * @param name names the topic, and with {@code -source} and {@code -sink} the connectors
 * @param sourcePassword what the source connector's config holds in place of the password, or null where there is none
 * @param targetPassword the same for the sink connector
 * @param replicationFactor of the topic; -1 for the broker's default
 * @param ghosts the sink connector's {@code resync.ghosts}
 * @param more settings of both connectors that the user has asked for
 */
record MigrationPlan(
        String name,
        Side source,
        Side target,
        Topology targetTopology,
        String sourcePassword,
        String targetPassword,
        int replicationFactor,
        String ghosts,
        MoreSettings more) {

    /** With another {@code resync.ghosts}. */
    MigrationPlan withGhosts(RunOptions.Ghosts what) {
        return new MigrationPlan(
                name,
                source,
                target,
                targetTopology,
                sourcePassword,
                targetPassword,
                replicationFactor,
                what.name(),
                more);
    }

    /** With these settings beside, or in place of, those that the command makes. */
    MigrationPlan withMore(MoreSettings settings) {
        return new MigrationPlan(
                name,
                source,
                target,
                targetTopology,
                sourcePassword,
                targetPassword,
                replicationFactor,
                ghosts,
                settings);
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
