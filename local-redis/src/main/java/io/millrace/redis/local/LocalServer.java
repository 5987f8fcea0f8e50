package io.millrace.redis.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real Redis or Valkey server on the loopback interface. It has a temporary directory of its own, and both end with
 * {@link #close()} or with this JVM, even if the JVM is killed; until then it also serves what runs in shutdown hooks. Methods are safe for use by several threads; those that
 * change the server's state run one at a time.
 */
public final class LocalServer implements AutoCloseable {
    /** The address that every local server listens on. */
    public static final String HOST = "127.0.0.1";

    static final String SOCKET = "redis.sock";
    static final String ADMIN = "local-admin";

    private static final int PORT_ATTEMPTS = 5;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(60);
    private static final int LOG_TAIL_LINES = 12;

    private final LocalServerBuilder options;
    private final Path executable;
    private final Path directory;
    private final String adminSecret = randomSecret();
    private int port;
    private ServerProcess process;

    private LocalServer(LocalServerBuilder options, Path executable, Path directory) {
        this.options = options;
        this.executable = executable;
        this.directory = directory;
    }

    /** A server of this version with default options, ready for commands. */
    public static LocalServer start(ServerVersion version) {
        return of(version).start();
    }

    /** Options for a server of this version. */
    public static LocalServerBuilder of(ServerVersion version) {
        return new LocalServerBuilder(version);
    }

    static LocalServer launch(LocalServerBuilder options) {
        Path executable = options.version.executable();
        LocalServer server = new LocalServer(options, executable, newDirectory());
        try {
            server.launchOnFreePort();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public ServerVersion version() {
        return options.version;
    }

    public int port() {
        return port;
    }

    /** {@code redis://127.0.0.1:port}, or {@code rediss://}, without user or password. */
    public String uri() {
        return (options.hasTls() ? "rediss://" : "redis://") + HOST + ":" + port;
    }

    /** The unix socket, which every local server has beside its port. */
    public Path unixSocket() {
        return directory.resolve(SOCKET);
    }

    /** The password that the default user needs, if any. */
    public Optional<String> password() {
        return Optional.ofNullable(options.requiredPassword());
    }

    /** A new connection, logged in with all rights, through the unix socket. */
    public RespClient connect() {
        return connect(REPLY_TIMEOUT);
    }

    /** Runs one command on a connection of its own; an error reply is thrown. See {@link RespClient} for the types. */
    public Object command(Object... command) {
        try (RespClient client = connect()) {
            return client.call(command);
        } catch (IOException e) {
            throw new LocalServerException("Command " + command[0] + " to " + this + " failed", e);
        }
    }

    /** Starts it again after {@link #stop()} or {@link #kill9()}, on the same port, directory and configuration. */
    public synchronized void start() {
        if (isRunning()) {
            throw new IllegalStateException(this + " is running");
        }
        run();
    }

    /** Ends it in order (SIGTERM). Data is kept only if it has an append-only file or was saved. */
    public synchronized void stop() {
        if (process != null) {
            process.terminate();
        }
    }

    /** Saves a snapshot with the replication id in it, ends the server and starts it again: replicas can continue. */
    public synchronized void restart() {
        try (RespClient client = connect()) {
            client.send("SHUTDOWN", "SAVE");
            client.flush();
            // The connection ends without a reply; an error reply means that it stays.
            if (!process.endsWithin(START_TIMEOUT.toMillis())) {
                throw new LocalServerException(this + " did not shut down: " + client.receive());
            }
        } catch (IOException e) {
            throw new LocalServerException("Cannot restart " + this, e);
        }
        process.terminate();
        run();
    }

    /** Ends it at once, as a crash would. */
    public synchronized void kill9() {
        if (process != null) {
            process.kill();
        }
    }

    /** Freezes it: connections stay open and nothing is answered until {@link #resume()}. */
    public synchronized void pause() {
        process.signal("STOP");
    }

    public synchronized void resume() {
        process.signal("CONT");
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** What the server has logged since it was first started. */
    public String log() {
        try {
            // A killed server may leave half a character behind: decode leniently.
            return new String(Files.readAllBytes(logFile()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The temporary directory with configuration, log and data files. */
    public Path directory() {
        return directory;
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            // SIGKILL also ends a paused server, and there is nothing to save.
            process.kill();
        }
        try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return options.version + " on " + HOST + ":" + port;
    }

    private void launchOnFreePort() {
        for (int attempt = 1; ; attempt++) {
            port = options.fixedPort() != 0 ? options.fixedPort() : Ports.free(options.isCluster());
            try {
                run();
                return;
            } catch (LocalServerException e) {
                boolean taken = log().contains("Could not create server TCP listening socket");
                if (!taken || options.fixedPort() != 0 || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private synchronized void run() {
        try {
            Path configuration = directory.resolve("redis.conf");
            if (!isConfiguredFor(configuration)) {
                Files.deleteIfExists(configuration);
                Files.createFile(
                        configuration,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.write(configuration, options.configuration(directory, port, adminSecret));
            }
            process = options.isSentinel()
                    ? ServerProcess.start(executable, configuration, logFile(), "--sentinel")
                    : ServerProcess.start(executable, configuration, logFile());
        } catch (IOException e) {
            throw new LocalServerException("Cannot start " + this + " from " + executable, e);
        }
        awaitReady();
    }

    // A server may rewrite its configuration (CONFIG REWRITE); a restart must then keep it.
    private boolean isConfiguredFor(Path configuration) throws IOException {
        return Files.exists(configuration)
                && Files.readAllLines(configuration).contains((options.hasTls() ? "tls-port " : "port ") + port);
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        String last = "no answer";
        while (!process.endsWithin(5)) {
            if (System.nanoTime() > deadline) {
                process.kill();
                throw notStarted("did not answer PING within " + START_TIMEOUT.toSeconds() + " s (" + last + ")");
            }
            if (!Files.exists(unixSocket())) {
                continue;
            }
            try (RespClient client = connect(Duration.ofSeconds(5))) {
                client.send("PING");
                Object reply = client.receive();
                if ("PONG".equals(reply)) {
                    return;
                }
                last = String.valueOf(reply);
            } catch (IOException | LocalServerException e) {
                last = e.getMessage();
            }
        }
        process.terminate();
        throw notStarted("ended at once");
    }

    private LocalServerException notStarted(String what) {
        List<String> lines = log().lines().toList();
        String tail = String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        return new LocalServerException(this + " " + what + "; the end of its log:\n" + tail);
    }

    private RespClient connect(Duration timeout) {
        try {
            RespClient client = RespClient.unix(unixSocket(), timeout);
            try {
                if (options.hasNamedUsers()) {
                    client.call("AUTH", ADMIN, adminSecret);
                } else if (options.requiredPassword() != null) {
                    client.call("AUTH", options.requiredPassword());
                }
            } catch (IOException | RuntimeException e) {
                client.close();
                throw e;
            }
            return client;
        } catch (IOException e) {
            throw new LocalServerException("Cannot connect to " + this, e);
        }
    }

    private Path logFile() {
        return directory.resolve("server.log");
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("millrace-redis-");
        } catch (IOException e) {
            throw new LocalServerException("Cannot make a temporary directory for a local server", e);
        }
    }

    private static String randomSecret() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
