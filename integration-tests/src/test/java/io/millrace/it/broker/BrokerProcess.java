package io.millrace.it.broker;

import io.millrace.redis.local.TcpProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A one-node KRaft broker in a JVM of its own, on the class path of this one. It can be killed, stopped, started again on
 * the same ports and log, and frozen; it ends with {@link #close()}, or when this JVM is gone. Safe for use by any thread.
 */
public final class BrokerProcess implements AutoCloseable {

    /**
     * Sends the broker the signals that it reads from the pipe from this JVM, and says so when each is sent, and for those
     * that end the broker when it has ended. Kills it when the pipe closes, however this JVM ends.
     */
    private static final String KEEPER = """
            log=$1; shift
            exec 2>>"$log"
            "$@" >>"$log" & pid=$!
            while read -r signal; do
              kill -s "$signal" $pid
              case $signal in
                STOP|CONT) echo "$signal" ;;
                *) wait $pid; echo "$signal"; exit ;;
              esac
            done
            kill -s KILL $pid
            wait $pid
            """;

    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);
    private static final int ATTEMPTS = 5;

    private final Path directory;
    private final int port;
    private final TcpProxy proxy;
    private Process keeper;
    private BufferedReader answers;
    private Writer signals;

    /** @param proxy that clients come through, or null */
    private BrokerProcess(Path directory, int port, TcpProxy proxy) {
        this.directory = directory;
        this.port = port;
        this.proxy = proxy;
    }

    /** Formats a log in the directory, starts a broker on it, and returns when it serves. */
    public static BrokerProcess start(Path directory) {
        return start(directory, false);
    }

    /** As above; its clients come through {@link #proxy()}, but for those who know its port. */
    public static BrokerProcess startBehindProxy(Path directory) {
        return start(directory, true);
    }

    private static BrokerProcess start(Path directory, boolean isBehindProxy) {
        for (int attempt = 1; ; attempt++) {
            BrokerProcess broker = formatted(directory, isBehindProxy);
            try {
                broker.start();
                return broker;
            } catch (AssertionError e) {
                broker.close();
                if (attempt == ATTEMPTS || !broker.logTail().contains("Address already in use")) {
                    throw e;
                }
            }
        }
    }

    private static BrokerProcess formatted(Path parent, boolean isBehindProxy) {
        try {
            int[] ports = BrokerSettings.freePorts();
            Path directory = parent.resolve("broker-" + ports[0]);
            Files.createDirectories(directory);
            TcpProxy proxy = isBehindProxy ? TcpProxy.to(ports[0]) : null;
            BrokerSettings.write(directory, ports, proxy == null ? ports[0] : proxy.port());
            format(directory.resolve(BrokerSettings.FILE));
            return new BrokerProcess(directory, ports[0], proxy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void format(Path settings) {
        String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", settings.toString()};
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        int status = StorageTool.execute(arguments, silent);
        if (status != 0) {
            throw new IllegalStateException("formatting the log of " + settings + " ended with status " + status);
        }
    }

    /** The address for clients: the proxy's, if there is one. */
    public String bootstrapServers() {
        return BrokerSettings.HOST + ":" + (proxy == null ? port : proxy.port());
    }

    /** What its clients come through. */
    public TcpProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException(this + " has no proxy");
        }
        return proxy;
    }

    /** Starts it again after {@link #kill9()} or {@link #stop()}, and returns when it serves. */
    public synchronized void start() {
        launch();
        awaitReady();
    }

    /** As {@link #start()}, but returns at once. */
    public synchronized void launch() {
        if (isRunning()) {
            throw new IllegalStateException(this + " is running");
        }
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh",
                "-c",
                KEEPER,
                "sh",
                log().toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlog4j2.configurationFile=" + directory.resolve(BrokerSettings.LOGGING),
                "-cp",
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                directory.resolve(BrokerSettings.FILE).toString());
        builder.redirectErrorStream(true);
        try {
            keeper = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = keeper.inputReader(StandardCharsets.UTF_8);
        signals = keeper.outputWriter(StandardCharsets.UTF_8);
    }

    /** @throws AssertionError with the end of the broker's log if it does not come up */
    public void awaitReady() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", BrokerSettings.HOST + ":" + port))) {
            Awaitility.await(this.toString()).atMost(START_TIMEOUT).until(() -> serves(admin));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(this + " did not start; the end of its log:\n" + logTail(), e);
        }
    }

    private boolean serves(Admin admin) throws InterruptedException {
        if (logTail().contains("Address already in use")) {
            throw new AssertionError(this + " did not get its port; the end of its log:\n" + logTail());
        }
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    /** Ends it at once, as a crash would; returns when it has ended. */
    public synchronized void kill9() {
        signal("KILL");
        release();
    }

    /** Ends it in order; returns when it has ended. */
    public synchronized void stop() {
        signal("TERM");
        release();
    }

    /** Freezes it: connections stay open and nothing is answered until {@link #resume()}. */
    public synchronized void pause() {
        signal("STOP");
    }

    public synchronized void resume() {
        signal("CONT");
    }

    /** Whether it was started and neither killed nor stopped since. */
    public synchronized boolean isRunning() {
        return keeper != null;
    }

    private void signal(String name) {
        if (keeper == null) {
            throw new IllegalStateException(this + " is not running");
        }
        try {
            signals.write(name + "\n");
            signals.flush();
            String answer = answers.readLine();
            if (!name.equals(answer)) {
                throw new AssertionError(this + ": signal " + name + " gave " + answer + "\n" + logTail());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keeper kills a broker that still runs when its pipe closes, and ends. */
    private void release() {
        try {
            signals.close();
            keeper.waitFor();
            answers.close();
            keeper = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The last lines that the broker has logged. */
    public String logTail() {
        try {
            byte[] all = Files.exists(log()) ? Files.readAllBytes(log()) : new byte[0];
            int from = Math.max(0, all.length - 8_000);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return directory.resolve("broker.log");
    }

    /** Kills it if it runs. Its directory stays. */
    @Override
    public synchronized void close() {
        if (keeper != null) {
            release();
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    @Override
    public String toString() {
        return "The broker on " + bootstrapServers();
    }
}
