package io.millrace.it.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A distributed worker of an unmodified Apache Kafka: a JVM of its own on that release's class path, with the plugins in
 * {@code plugin.path} and nothing of ours beside them. It ends with {@link #close()}, or when this JVM is gone.
 */
public final class WorkerProcess implements AutoCloseable {

    /** Releases that the build resolves; see the modules of these names. */
    public enum Release {
        KAFKA_4_3("worker-4.3"),
        KAFKA_3_9("worker-3.9");

        private final String module;

        Release(String module) {
            this.module = module;
        }

        private String classPath() {
            try {
                return Files.readString(Path.of(module, "target", "classpath.txt"))
                        .strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Ends when the worker does, and kills it when the pipe from this JVM closes, however this JVM ends. */
    private static final String WITH_THIS_JVM = "exec 3<&0; \"$@\" 3<&- & pid=$!;"
            + " (read -r end <&3; kill -9 $pid) & keeper=$!; wait $pid; status=$?; kill $keeper 2>/dev/null; exit $status";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

    private final Release release;
    private final Process process;
    private final Path log;
    private final Thread logger;
    private final WorkerRest rest;

    private WorkerProcess(Release release, Process process, Path log, URI url) {
        this.release = release;
        this.process = process;
        this.log = log;
        this.rest = new WorkerRest(url, this::end);
        this.logger = new Thread(this::copyLog, "log of " + release);
        logger.setDaemon(true);
        logger.start();
    }

    /** Not by the worker itself: its files may be {@linkplain #limitFiles limited}. */
    private void copyLog() {
        try (InputStream in = process.getInputStream();
                OutputStream out = Files.newOutputStream(log)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Launches it; {@link #awaitReady()} returns when it can be used. */
    public static WorkerProcess launch(Release release, String bootstrapServers, Path plugins, Path directory) {
        return launch(release, bootstrapServers, plugins, directory, Map.of());
    }

    /** As above, with settings of the worker that win over those that it has anyway. */
    public static WorkerProcess launch(
            Release release, String bootstrapServers, Path plugins, Path directory, Map<String, String> settings) {
        return launch(release, bootstrapServers, plugins, directory, settings, 768);
    }

    /** @param heapMegabytes how much memory its JVM may take for objects */
    public static WorkerProcess launch(
            Release release,
            String bootstrapServers,
            Path plugins,
            Path directory,
            Map<String, String> settings,
            int heapMegabytes) {
        try {
            Files.createDirectories(directory);
            int port = freePort();
            Path log = directory.resolve("worker.log");
            Path config = directory.resolve("worker.properties");
            try (OutputStream out = Files.newOutputStream(config)) {
                Properties properties = properties(release, bootstrapServers, plugins, port);
                properties.putAll(settings);
                properties.store(out, null);
            }
            ProcessBuilder builder = new ProcessBuilder(
                    "/bin/sh",
                    "-c",
                    WITH_THIS_JVM,
                    "sh",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heapMegabytes + "m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dorg.apache.logging.log4j.level=INFO",
                    "-cp",
                    release.classPath(),
                    "org.apache.kafka.connect.cli.ConnectDistributed",
                    config.toString());
            builder.directory(directory.toFile());
            builder.redirectErrorStream(true);
            return new WorkerProcess(release, builder.start(), log, URI.create("http://127.0.0.1:" + port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties properties(Release release, String bootstrapServers, Path plugins, int port) {
        Properties p = new Properties();
        p.setProperty("bootstrap.servers", bootstrapServers);
        p.setProperty("group.id", release.module);
        p.setProperty("listeners", "http://127.0.0.1:" + port);
        p.setProperty("plugin.path", plugins.toString());
        p.setProperty("config.providers", "file");
        p.setProperty("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
        p.setProperty("key.converter", "org.apache.kafka.connect.json.JsonConverter");
        p.setProperty("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        for (String store : new String[] {"config", "offset", "status"}) {
            p.setProperty(store + ".storage.topic", release.module + "-" + store);
            p.setProperty(store + ".storage.replication.factor", "1");
        }
        p.setProperty("offset.storage.partitions", "1");
        p.setProperty("status.storage.partitions", "1");
        p.setProperty("offset.flush.interval.ms", "1000");
        p.setProperty("scheduled.rebalance.max.delay.ms", "0");
        return p;
    }

    public WorkerRest rest() {
        return rest;
    }

    /** @throws AssertionError with the end of the worker's log if it does not come up */
    public WorkerProcess awaitReady() {
        try {
            Awaitility.await(release.toString()).atMost(START_TIMEOUT).until(rest::isReady);
            return this;
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(release + " did not start; the end of its log:\n" + logTail(), e);
        }
    }

    /** Freezes it: connections stay open and nothing is answered until {@link #resume()}. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    /** Ends it in order, or kills it when that takes longer; returns when it has ended. */
    public void stop(Duration patience) {
        signal("TERM");
        try {
            process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        close();
    }

    /**
     * From now on no file of its grows beyond so many bytes, which is to it what a full disk is: a write ends in its middle.
     * Without effect on a worker that has ended.
     */
    public void limitFiles(long bytes) {
        prlimit(bytes + ":");
    }

    /** Its files may grow again. */
    public void unlimitFiles() {
        prlimit("unlimited:");
    }

    private void prlimit(String size) {
        jvm().ifPresent(jvm -> {
            String failure = run("prlimit", "--fsize=" + size, "--pid", Long.toString(jvm.pid()));
            if (failure != null && jvm.isAlive()) {
                throw new IllegalStateException("The files of " + this + " cannot be limited: " + failure);
            }
        });
    }

    /** Has it write what its threads do to its log. */
    public void dumpThreads() {
        signal("QUIT");
    }

    /** How its JVM has ended, if it has, with what it logged last. */
    private Optional<String> end() {
        if (process.isAlive()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s, exit status %d; the end of its log:%n%s".formatted(this, process.exitValue(), logTail()));
    }

    /** Whether its JVM runs. */
    public boolean isRunning() {
        return process.isAlive();
    }

    private Optional<ProcessHandle> jvm() {
        return process.descendants()
                .filter(one ->
                        one.info().command().filter(c -> c.endsWith("java")).isPresent())
                .findFirst();
    }

    private void signal(String name) {
        long pid = jvm().orElseThrow(() -> new IllegalStateException(this + " is not running"))
                .pid();
        String failure = run("/bin/kill", "-" + name, Long.toString(pid));
        if (failure != null) {
            throw new IllegalStateException("kill -" + name + " of " + this + ": " + failure);
        }
    }

    /** What a command says when it fails, or null. */
    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? null : output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file that it logs to. */
    public Path log() {
        return log;
    }

    /** The last lines that the worker has logged. */
    public String logTail() {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = Math.max(0, all.length - 8_000);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try (OutputStream in = process.getOutputStream()) {
            process.waitFor();
            logger.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return release.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
