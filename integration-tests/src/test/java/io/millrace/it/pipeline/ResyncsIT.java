package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.it.workload.LoadWriter;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The source forgets its history while keys are written, deleted and pushed to, so that it must be copied anew, again and
 * again: the destination is equal at the end, without ghosts. {@code -Dmillrace.resyncs=10} for ten of them.
 */
@ExtendWith(WithSharedRuntime.class)
class ResyncsIT {

    private static final int RESYNCS = Integer.getInteger("millrace.resyncs", 2);
    private static final int DELETED = 200;

    @Test
    void leaveAStandaloneDestinationEqual(SharedRuntime runtime) throws Exception {
        try (LocalServer source = source();
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                Pipeline pipeline =
                        Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
            // A cluster takes no commands whose keys are in several slots, of which this has many.
            try (LoadWriter building = LoadWriter.start(source, LoadWriter.Kind.BUILDING, 6)) {
                resync(source, pipeline);
                assertThat(building.written()).isPositive();
            }
            pipeline.assertEqualKeyspaces();
        }
    }

    @Test
    void leaveAClusterEqual(SharedRuntime runtime) throws Exception {
        try (LocalServer source = source();
                LocalCluster destination = LocalCluster.start(ServerVersion.standard());
                Pipeline pipeline =
                        Pipeline.between(source, destination).grouping("single").start(runtime.rest())) {
            resync(source, pipeline);
            pipeline.assertEqualKeyspaces();
        }
    }

    private static LocalServer source() throws IOException {
        LocalServer source = LocalServer.of(ServerVersion.standard())
                .config("enable-debug-command local")
                .start();
        try (RespClient client = source.connect()) {
            new Populator(client, 8).mixed(2_000);
        }
        return source;
    }

    private static void resync(LocalServer source, Pipeline pipeline) throws Exception {
        try (RespClient client = source.connect()) {
            for (int i = 0; i < RESYNCS * DELETED; i++) {
                client.call("RPUSH", "deleted:" + i, "ghost", "of", i);
            }
            pipeline.awaitCaughtUp();
            try (LoadWriter stating = LoadWriter.start(source, LoadWriter.Kind.STATING, 5)) {
                for (int round = 0; round < RESYNCS; round++) {
                    forgetHistory(client, round);
                    long pushed = (Long) client.call("RPUSH", "pushed", "round", round);
                    assertThat(pushed).isEqualTo(2L * (round + 1));
                    pipeline.awaitCaughtUp();
                    assertThat(stating.written()).isPositive();
                }
            }
        }
        assertThat(removed(pipeline)).isGreaterThanOrEqualTo(RESYNCS * DELETED);
    }

    /** Deletes while no replica listens, and writes some of the keys again, as another type, once the copy has begun. */
    private static void forgetHistory(RespClient client, int round) throws IOException {
        long copies = info(client, "sync_full");
        client.send("DEBUG", "CHANGE-REPL-ID");
        client.send("CLIENT", "KILL", "TYPE", "replica");
        for (int i = round * DELETED; i < (round + 1) * DELETED; i++) {
            client.send("DEL", "deleted:" + i);
        }
        for (int i = 0; i < DELETED + 2; i++) {
            assertThat(client.receive()).isNotInstanceOf(RespClient.ErrorReply.class);
        }
        await("the new copy begins")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> info(client, "sync_full") > copies);
        for (int i = round * DELETED; i < round * DELETED + 20; i++) {
            client.call("HSET", "deleted:" + i, "made", "anew");
        }
        for (int i = round * DELETED + 20; i < round * DELETED + 40; i++) {
            client.call("RPUSH", "deleted:" + i, "anew");
        }
    }

    private static long info(RespClient client, String field) throws IOException {
        String info = new String((byte[]) client.call("INFO", "stats"), StandardCharsets.UTF_8);
        return info.lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static long removed(Pipeline pipeline) throws JMException {
        ObjectName name = new ObjectName("io.millrace:type=sink,connector=" + pipeline.sinkConnector() + ",task=0");
        return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "GhostsRemoved");
    }
}
