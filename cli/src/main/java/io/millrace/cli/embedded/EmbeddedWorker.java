package io.millrace.cli.embedded;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.eclipse.jetty.util.thread.ShutdownThread;

/** A Connect worker in this JVM, alone in its group, with REST on loopback. */
final class EmbeddedWorker implements AutoCloseable {
    private final Connect<?> connect;

    private EmbeddedWorker(Connect<?> connect) {
        this.connect = connect;
    }

    static EmbeddedWorker start(String bootstrapServers, Path plugins) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            Map<String, String> properties =
                    WorkerProperties.of(bootstrapServers, plugins, "millrace-worker-" + UUID.randomUUID());
            EmbeddedWorker worker = new EmbeddedWorker(new ConnectDistributed().startConnect(properties));
            // Jetty would stop the REST server at the first signal, while a command still drains through it.
            Runtime.getRuntime().removeShutdownHook(ShutdownThread.getInstance());
            return worker;
        } finally {
            // Connect leaves its plugin loader behind on this thread.
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Where its REST interface listens. */
    URI url() {
        return connect.rest().advertisedUrl();
    }

    @Override
    public void close() {
        connect.stop();
        connect.awaitStop();
    }
}
