package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.SlotMover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A destination that is resharded with its own tools, grows and shrinks, while commands that count are applied to it. With
 * {@code -Dmillrace.resharding.slots=1000} it moves more than in the build.
 */
class ReshardingTest {

    private static final int SLOTS = Integer.getInteger("millrace.resharding.slots", 150);

    /** How often the source is emptied meanwhile. */
    private static final int FLUSHES = 5;

    private final OnceWorkload work = new OnceWorkload(new Feed(1), 41, 2000);
    private LocalCluster cluster;
    private SinkDriver sink;

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private interface Moves {
        void make() throws Exception;
    }

    private void start(ServerVersion version, int masters, int replicas) {
        assumeThat(version.available()).as(version.unavailableMessage()).isPresent();
        cluster = LocalCluster.of(version)
                .masters(masters)
                .replicas(replicas)
                .config("cluster-node-timeout 3000")
                .start();
        sink = new SinkDriver(SinkDriver.to(cluster, "batch.max.commands", "200", "cross.slot", "copy"), false);
    }

    /** Applies as long as slots are moved, and for a while after it; then compares everything. */
    private void applyDuring(Moves moves) throws Exception {
        sink.send(work.next(2000), 20);
        sink.awaitApplied();
        cluster.nodes().forEach(node -> node.command("CONFIG", "RESETSTAT"));
        FutureTask<Void> task = new FutureTask<>(() -> {
            moves.make();
            return null;
        });
        Thread mover = new Thread(task, "moves-slots");
        mover.start();
        try {
            for (int round = 0; !task.isDone(); round++) {
                sink.send(work.next(500), 20);
                if (round % 3 == 1 && round < 3 * FLUSHES) {
                    sink.send(work.flush());
                }
                await().atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> sink.sent() - sink.commit() < 50);
            }
        } finally {
            mover.join();
        }
        task.get();
        sink.send(work.next(1000), 20);
        sink.awaitApplied();
        work.assertIn(cluster);
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_9_1", "REDIS_8_6"})
    void slotsThatMoveAtOnceTakeTheirCheckpointsAlong(ServerVersion version) throws Exception {
        start(version, 3, 0);
        applyDuring(() -> {
            for (int i = 0; i < 3; i++) {
                LocalServer from = cluster.masters().get(i);
                LocalServer to = cluster.masters().get((i + 1) % 3);
                int first = 5462 * i;
                SlotMover.migrate(from, to, first, first + 10 * SLOTS);
                SlotMover.migrate(to, from, first, first + 5 * SLOTS);
            }
        });
        assertThat(moved()).isPositive();
    }

    @Test
    void aMasterJoinsTakesSlotsIsReplacedAndLeaves() throws Exception {
        start(ServerVersion.REDIS_8_0, 2, 1);
        applyDuring(() -> {
            LocalServer one = cluster.masters().get(0);
            LocalServer other = cluster.masters().get(1);
            LocalServer fresh = cluster.join();
            SlotMover.reshard(one, fresh, SLOTS);
            SlotMover.reshard(other, fresh, SLOTS);
            LocalServer replica = cluster.replicas().get(0);
            LocalCluster.promote(replica);
            SlotMover.reshard(fresh, replica, 2 * SLOTS);
            await().atMost(Duration.ofSeconds(60)).until(() -> !owns(fresh));
            cluster.leave(fresh);
        });
        assertThat(SinkDriver.status().getSessions()).isGreaterThan(1);
    }

    /** Key by key, so that their keys and copies are met in the middle of a move. */
    @Test
    void commandsOverSeveralSlotsFollowEachOfThem() throws Exception {
        work.crossing();
        start(ServerVersion.REDIS_8_0, 2, 0);
        applyDuring(() -> {
            SlotMover.reshard(cluster.masters().get(0), cluster.masters().get(1), SLOTS / 2);
            SlotMover.reshard(cluster.masters().get(1), cluster.masters().get(0), SLOTS / 2);
        });
        assertThat(SinkDriver.status().getCrossSlotCopied()).isPositive();
    }

    /** How often the masters have sent the sink elsewhere. */
    private long moved() {
        String prefix = "errorstat_MOVED:count=";
        return cluster.masters().stream()
                .flatMap(node ->
                        OnceWorkload.text(node.command("INFO", "errorstats")).lines())
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(line.substring(prefix.length())))
                .sum();
    }

    private static boolean owns(LocalServer node) throws IOException {
        return new String((byte[]) node.command("CLUSTER", "NODES"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("myself"))
                .anyMatch(line -> line.strip().split(" ").length > 8);
    }
}
