package io.millrace.it.pipeline;

import io.millrace.cli.connect.ConnectRest;
import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.embedded.EmbeddedRuntime;
import io.millrace.it.worker.WorkerRest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The one broker and the one embedded worker of this test run. Its directory stays for inspection until the next run; the
 * worker's log is in it.
 */
public final class SharedRuntime implements AutoCloseable {

    private static final Path DIRECTORY = Path.of("target", "runtime");

    private final DataDirectory directory;
    private final EmbeddedRuntime runtime;
    private final WorkerRest rest;

    SharedRuntime() {
        delete(DIRECTORY);
        directory = DataDirectory.open(DIRECTORY);
        runtime = EmbeddedRuntime.start(directory);
        rest = new WorkerRest(runtime.connectUrl());
    }

    public String bootstrapServers() {
        return runtime.bootstrapServers();
    }

    public WorkerRest rest() {
        return rest;
    }

    /** Where the broker's log and the worker's are. */
    public Path directory() {
        return directory.root();
    }

    /** The same interface as the command line sees it. */
    public ConnectRest connect() {
        return new ConnectRest(runtime.connectUrl());
    }

    @Override
    public void close() {
        runtime.close();
        directory.close();
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
