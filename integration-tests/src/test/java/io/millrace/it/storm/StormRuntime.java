package io.millrace.it.storm;

import io.millrace.it.broker.BrokerProcess;
import io.millrace.it.worker.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The broker and the workers of several storms. */
final class StormRuntime implements AutoCloseable {

    private static final int WORKERS = 3;

    private final BrokerProcess broker;
    private final ConnectWorkers workers;

    private StormRuntime(BrokerProcess broker, ConnectWorkers workers) {
        this.broker = broker;
        this.workers = workers;
    }

    /**
     * Starts all of them.
     *
     * @param directory where all processes keep their files; new or empty
     * @param exactlyOnce see {@link ConnectWorkers}
     */
    static StormRuntime start(Path directory, boolean exactlyOnce) {
        BrokerProcess broker = BrokerProcess.startBehindProxy(directory);
        ConnectWorkers workers = new ConnectWorkers(broker.bootstrapServers(), directory, exactlyOnce);
        try {
            for (int i = 0; i < WORKERS; i++) {
                workers.launch();
            }
            workers.awaitReady();
            return new StormRuntime(broker, workers);
        } catch (RuntimeException | AssertionError e) {
            workers.close();
            broker.close();
            throw e;
        }
    }

    BrokerProcess broker() {
        return broker;
    }

    ConnectWorkers workers() {
        return workers;
    }

    /** Has every worker write to its log what its threads do. */
    void dumpThreads() {
        workers.running().stream().filter(WorkerProcess::isRunning).forEach(WorkerProcess::dumpThreads);
    }

    /** In how many lines of the workers' logs a text stands. */
    int count(String text) {
        int count = 0;
        for (Path log : workers.logs()) {
            try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                count += (int) lines.filter(line -> line.contains(text)).count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return count;
    }

    @Override
    public void close() {
        workers.close();
        broker.close();
    }
}
