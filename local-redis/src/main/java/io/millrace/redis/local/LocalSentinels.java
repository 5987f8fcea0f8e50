package io.millrace.redis.local;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Three real sentinels that watch one master, under the name {@link #MASTER}, and find its replicas. They take over within
 * a few seconds. Ends with {@link #close()}; the servers are the caller's.
 */
public final class LocalSentinels implements AutoCloseable {

    public static final String MASTER = "mymaster";

    private static final int COUNT = 3;
    private static final int QUORUM = 2;

    /** Long enough for a server on a busy machine to answer, or they take over from masters that are well. */
    private static final int DOWN_AFTER_MILLIS = 1_500;

    private static final long PATIENCE_MILLIS = 60_000;

    private final List<LocalServer> sentinels = new ArrayList<>();

    private LocalSentinels() {}

    /** Returns once all of them know each other and the replicas that the master has now. */
    public static LocalSentinels watching(LocalServer master, int replicas) {
        return watching(master, replicas, "");
    }

    /** @param password what they ask of their clients; empty for none */
    public static LocalSentinels watching(LocalServer master, int replicas, String password) {
        return watching(master, replicas, password, options -> {});
    }

    /** @param more sets what else they have, such as TLS */
    public static LocalSentinels watching(
            LocalServer master, int replicas, String password, Consumer<LocalServerBuilder> more) {
        LocalSentinels all = new LocalSentinels();
        try {
            for (int i = 0; i < COUNT; i++) {
                LocalServerBuilder options = LocalServer.of(master.version()).sentinel();
                more.accept(options);
                options.config("sentinel monitor " + MASTER + " " + LocalServer.HOST + " " + master.port() + " "
                                + QUORUM)
                        .config("sentinel down-after-milliseconds " + MASTER + " " + DOWN_AFTER_MILLIS)
                        .config("sentinel failover-timeout " + MASTER + " 4000");
                master.password()
                        .ifPresent(secret -> options.config(
                                "sentinel auth-pass " + MASTER + " " + LocalServerBuilder.quoted(secret)));
                if (!password.isEmpty()) {
                    options.password(password);
                    options.config("sentinel sentinel-pass " + LocalServerBuilder.quoted(password));
                }
                all.sentinels.add(options.start());
            }
            for (LocalServer sentinel : all.sentinels) {
                all.await(
                        "sentinels know each other and " + replicas + " replicas",
                        () -> all.number(sentinel, "num-other-sentinels") == COUNT - 1
                                && all.number(sentinel, "num-slaves") == replicas);
            }
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** {@code host:port,host:port,host:port}. */
    public String hosts() {
        return sentinels.stream()
                .map(sentinel -> LocalServer.HOST + ":" + sentinel.port())
                .collect(Collectors.joining(","));
    }

    /** One of them, to be stopped or asked. */
    public LocalServer sentinel(int index) {
        return sentinels.get(index);
    }

    /** The port of the master, as the first one that runs knows it. */
    public int masterPort() {
        return (int) number(running(), "port");
    }

    /** The master among these servers. */
    public LocalServer masterOf(List<LocalServer> servers) {
        int port = masterPort();
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow();
    }

    /** Lets a replica take over though the master is well; returns once all know of the new master. */
    public void failover() {
        int before = masterPort();
        // -INPROG, -NOGOODSLAVE: right after a failover they have to see the new state first
        await("sentinels begin a failover", () -> {
            try {
                running().command("SENTINEL", "FAILOVER", MASTER);
                return true;
            } catch (LocalServerException e) {
                return false;
            }
        });
        awaitMasterOtherThan(before);
    }

    /** Waits until all that run agree on another master. */
    public void awaitMasterOtherThan(int port) {
        await(
                "another master is known",
                () -> sentinels.stream()
                                        .filter(LocalServer::isRunning)
                                        .mapToLong(sentinel -> number(sentinel, "port"))
                                        .distinct()
                                        .count()
                                == 1
                        && masterPort() != port);
    }

    private LocalServer running() {
        return sentinels.stream().filter(LocalServer::isRunning).findFirst().orElseThrow();
    }

    private long number(LocalServer sentinel, String field) {
        return Long.parseLong(fields(sentinel).getOrDefault(field, "-1"));
    }

    private static Map<String, String> fields(LocalServer sentinel) {
        List<?> reply = (List<?>) sentinel.command("SENTINEL", "MASTER", MASTER);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            fields.put(text(reply.get(i)), text(reply.get(i + 1)));
        }
        return fields;
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new LocalServerException("Not within " + PATIENCE_MILLIS + " ms: " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LocalServerException("Interrupted while waiting for sentinels", e);
            }
        }
    }

    @Override
    public void close() {
        sentinels.forEach(LocalServer::close);
    }
}
