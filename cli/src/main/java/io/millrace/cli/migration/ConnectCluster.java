package io.millrace.cli.migration;

import io.millrace.cli.Failure;
import io.millrace.cli.connect.ConnectRest;
import java.util.Map;
import java.util.Optional;

/** The Kafka and Connect that a migration runs on. */
public interface ConnectCluster extends AutoCloseable {
    ConnectRest connect();

    /** The settings of an admin client for the Kafka cluster. */
    Map<String, Object> adminConfig();

    /** The worker that statuses must come from; empty when any worker's will do. */
    Optional<String> workerId();

    /** Why it cannot go on, if so. */
    Optional<Failure> failure();

    /** True when it ends with this process. */
    boolean isEmbedded();

    @Override
    void close();
}
