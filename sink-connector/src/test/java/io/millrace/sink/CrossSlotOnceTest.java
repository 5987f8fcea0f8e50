package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RENAME and LMOVE between slots, each of which may happen once and not twice, whatever is interrupted. */
class CrossSlotOnceTest {

    private final OnceWorkload work = new OnceWorkload(new Feed(1), 31, 60).crossing();
    private LocalCluster cluster;
    private SinkDriver sink;

    @BeforeEach
    void start() {
        cluster = LocalCluster.of(ServerVersion.standard())
                .replicas(1)
                .config("cluster-node-timeout 2000")
                .start();
        sink = new SinkDriver(SinkDriver.to(cluster, "cross.slot", "copy"), false);
    }

    @AfterEach
    void close() {
        sink.close();
        cluster.close();
    }

    @Test
    void connectionsThatBreakAnywhereAndSinksThatEndAnywhereDoubleNothing() throws Exception {
        Random random = new Random(5);
        AtomicBoolean done = new AtomicBoolean();
        Thread cutter = new Thread(() -> {
            while (!done.get()) {
                cluster.masters().get(random.nextInt(3)).command("CLIENT", "KILL", "TYPE", "normal");
                pause(20 + random.nextInt(300));
            }
        });
        cutter.start();
        try {
            for (int round = 0; round < 5; round++) {
                sink.prepare(work.next(150), 1 + random.nextInt(9));
                sink.pump();
                pause(random.nextInt(500));
                sink.crash();
                sink.committed(0);
                sink.restart();
            }
        } finally {
            done.set(true);
            cutter.join();
        }
        sink.awaitApplied();
        work.assertIn(cluster);
        assertThat(SinkDriver.status().getChangesRefused()).isZero();
        assertNothingIsLeft();
    }

    @Test
    void aMasterThatDiesWithAcknowledgedWritesTakesNoCommandWithIt() throws IOException {
        sink.send(work.next(200), 5);
        sink.awaitApplied();
        for (int i = 0; i < 2; i++) {
            LocalServer master = cluster.masters().get(i);
            LocalServer replica = cluster.replicas().get(i);
            sink.prepare(work.next(300), 5);
            sink.pump();
            pause(150);
            master.kill9();
            await().atMost(Duration.ofSeconds(60)).until(() -> OnceWorkload.isMaster(replica));
        }
        sink.send(work.next(100), 5);
        sink.awaitApplied();
        work.assertIn(cluster);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        for (LocalServer node : cluster.nodes()) {
            if (node.isRunning()) {
                assertThat((Iterable<?>) node.command("KEYS", "__millrace:gathered:*"))
                        .isEmpty();
            }
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
