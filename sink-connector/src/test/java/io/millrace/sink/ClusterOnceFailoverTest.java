package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Effectively-once on a cluster whose masters are replaced, with and without the loss of what they had acknowledged. */
class ClusterOnceFailoverTest {

    private final OnceWorkload work = new OnceWorkload(new Feed(1), 23, 300);
    private LocalCluster cluster;
    private SinkDriver sink;

    @BeforeEach
    void start() {
        cluster = LocalCluster.of(ServerVersion.standard())
                .replicas(1)
                .config("cluster-node-timeout 2000")
                .start();
        sink = new SinkDriver(SinkDriver.to(cluster), false);
    }

    @AfterEach
    void close() {
        sink.close();
        cluster.close();
    }

    @Test
    void whatADeadMasterHadAcknowledgedAndItsReplicaNeverSawIsAppliedAgain() throws IOException {
        sink.send(work.next(2000), 5);
        sink.awaitApplied();
        for (int i = 0; i < 2; i++) {
            LocalServer master = cluster.masters().get(i);
            LocalServer replica = cluster.replicas().get(i);
            separate(master, replica);
            sink.send(work.next(2000), 5);
            sink.awaitApplied();
            long had = (Long) master.command("DBSIZE");
            long sessions = SinkDriver.status().getSessions();
            master.kill9();
            await().atMost(Duration.ofSeconds(60)).until(() -> OnceWorkload.isMaster(replica));
            assertThat((Long) replica.command("DBSIZE")).isLessThan(had);
            if (i == 0) {
                // Nothing is sent: the sink finds out by itself.
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    sink.commit();
                    return SinkDriver.status().getSessions() > sessions;
                });
            }
        }
        sink.send(work.next(1000), 5);
        sink.awaitApplied();
        work.assertIn(cluster);
    }

    @Test
    void aReplicaThatCameBackAfterTheLayoutWasReadCounts() throws IOException {
        LocalServer master = cluster.masters().get(0);
        LocalServer replica = cluster.replicas().get(0);
        sink.send(work.next(500), 5);
        sink.awaitApplied();
        replica.kill9();
        awaitFailing(1);
        sink.crash();
        sink.restart();
        sink.send(work.next(500), 5);
        sink.awaitApplied();
        replica.start();
        awaitFailing(0);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> OnceWorkload.text(replica.command("INFO", "replication"))
                        .contains("master_link_status:up"));
        separate(master, replica);
        sink.send(work.next(2000), 5);
        sink.awaitApplied();
        long until = System.nanoTime() + Duration.ofMillis(1_500).toNanos();
        while (System.nanoTime() < until) {
            // The sink notes where to read on about once a second, and must not while the replica lacks what was
            // applied.
            sink.commit();
        }
        long had = (Long) master.command("DBSIZE");
        master.kill9();
        await().atMost(Duration.ofSeconds(60)).until(() -> OnceWorkload.isMaster(replica));
        assertThat((Long) replica.command("DBSIZE")).isLessThan(had);
        sink.send(work.next(500), 5);
        sink.awaitApplied();
        work.assertIn(cluster);
    }

    /** Waits until all masters find so many nodes failing. */
    private void awaitFailing(int count) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> cluster.masters().stream()
                        .allMatch(node -> OnceWorkload.text(node.command("CLUSTER", "NODES"))
                                        .lines()
                                        .filter(line -> line.split(" ")[2].contains("fail"))
                                        .count()
                                == count));
    }

    /** Breaks the link between the two so that it is not made again, while the cluster's own links stay. */
    private static void separate(LocalServer master, LocalServer replica) {
        replica.command("CONFIG", "SET", "masterauth", "wrong");
        master.command("CLIENT", "KILL", "TYPE", "replica");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        OnceWorkload.text(master.command("INFO", "replication")).contains("connected_slaves:0"));
    }

    @Test
    void mastersThatHandOverInOrderLoseAndDoubleNothing() throws IOException {
        sink.send(work.next(1000), 5);
        for (int i = 0; i < 3; i++) {
            sink.prepare(work.next(1500), 5);
            LocalServer replica = cluster.replicas().get(i);
            replica.command("CLUSTER", "FAILOVER");
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                sink.send(work.next(50), 5);
                return OnceWorkload.isMaster(replica);
            });
        }
        sink.awaitApplied();
        work.assertIn(cluster);
        assertThat(SinkDriver.status().getSessions()).isGreaterThan(1);
    }
}
