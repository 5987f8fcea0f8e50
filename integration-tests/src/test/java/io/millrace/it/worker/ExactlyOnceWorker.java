package io.millrace.it.worker;

import io.millrace.it.worker.WorkerProcess.Release;
import java.nio.file.Path;
import java.util.Map;

/**
 * A worker with {@code exactly.once.source.support=enabled} that can be killed and started again, on a Kafka that outlives it.
 */
final class ExactlyOnceWorker implements AutoCloseable {

    private final String group;
    private final String bootstrapServers;
    private final Path directory;
    private WorkerProcess process;

    private ExactlyOnceWorker(String group, String bootstrapServers, Path directory) {
        this.group = group;
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
    }

    /** @param group of Connect, from which its topics have their names, too */
    static ExactlyOnceWorker start(String group, String bootstrapServers, Path directory) {
        PluginPath.in(directory.resolve("plugins"));
        ExactlyOnceWorker worker = new ExactlyOnceWorker(group, bootstrapServers, directory);
        worker.launch();
        return worker;
    }

    private void launch() {
        process = WorkerProcess.launch(
                Release.KAFKA_4_3,
                bootstrapServers,
                directory.resolve("plugins"),
                directory.resolve("worker"),
                Map.of(
                        "exactly.once.source.support",
                        "enabled",
                        "group.id",
                        group,
                        "config.storage.topic",
                        group + "-config",
                        "offset.storage.topic",
                        group + "-offset",
                        "status.storage.topic",
                        group + "-status",
                        "session.timeout.ms",
                        "6000",
                        "heartbeat.interval.ms",
                        "2000",
                        // What a killed worker leaves open keeps Connect's own readers waiting for so long.
                        "producer.transaction.timeout.ms",
                        "20000"));
        process.awaitReady();
    }

    WorkerRest rest() {
        return process.rest();
    }

    void killAndLaunch() {
        process.close();
        launch();
    }

    @Override
    public void close() {
        process.close();
    }
}
