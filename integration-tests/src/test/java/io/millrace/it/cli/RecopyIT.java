package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cli.Millrace;
import io.millrace.it.pipeline.Pipeline;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.recopy.DirtyKey;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody else has written to the destination; the keys that this has spoilt are copied anew while they are written to. */
@ExtendWith(WithSharedRuntime.class)
class RecopyIT {

    private static final int DIRTY = 4;

    @Test
    void dirtyKeysAreMendedUnderLoad(SharedRuntime runtime) throws Exception {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                Pipeline pipeline = Pipeline.between(source, destination)
                        .withSink("errors.tolerance", "all")
                        .withSink("errors.log.enable", "true")
                        .start(runtime.rest())) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong rounds = new AtomicLong();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> write(source, stop, rounds));
            try {
                pipeline.awaitCaughtUp();
                spoil(destination);
                byte[] hash = DirtyKey.hashOf(pipeline.sinkConnector());
                await().atMost(Duration.ofSeconds(60)).until(() -> (Long) destination.command("HLEN", hash) == DIRTY);
                assertThat(millrace("dirty", destination, pipeline)).isEqualTo(4);
                long before = rounds.get();
                await().atMost(Duration.ofSeconds(60)).until(() -> rounds.get() > before + 100);

                assertThat(millrace("recopy", destination, pipeline, "--source", uri(source), "--wait", "120"))
                        .isZero();
                assertThat(destination.command("EXISTS", hash)).isEqualTo(0L);
                assertThat(millrace("dirty", destination, pipeline)).isZero();
            } finally {
                stop.set(true);
                load.join();
            }
            pipeline.assertEqualKeyspaces();
        }
    }

    /** Lists, counters and transactions of both, on the very keys that are spoilt and copied. */
    private static void write(LocalServer source, AtomicBoolean stop, AtomicLong rounds) {
        try (RespClient client = source.connect()) {
            while (!stop.get()) {
                long round = rounds.incrementAndGet();
                client.call("RPUSH", "list", round);
                client.call("INCR", "counter");
                client.call("MULTI");
                client.call("RPUSH", "{tx}poison", round);
                client.call("INCR", "{tx}good");
                client.call("EXEC");
                client.call("SELECT", "2");
                client.call("HINCRBY", "hash", "f" + round % 10, "1");
                client.call("SELECT", "0");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void spoil(LocalServer destination) throws IOException {
        try (RespClient client = destination.connect()) {
            for (String key : new String[] {"list", "{tx}poison"}) {
                client.call("SET", key, "of another application");
            }
            client.call("MULTI");
            client.call("DEL", "counter");
            client.call("RPUSH", "counter", "of another application");
            client.call("EXEC");
            client.call("SELECT", "2");
            client.call("SET", "hash", "of another application");
        }
    }

    private static int millrace(String command, LocalServer target, Pipeline pipeline, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "--target", uri(target), "--sink", pipeline.sinkConnector()));
        arguments.addAll(List.of(more));
        return Millrace.commandLine().execute(arguments.toArray(new String[0]));
    }

    private static String uri(LocalServer server) {
        return "redis://127.0.0.1:" + server.port();
    }
}
