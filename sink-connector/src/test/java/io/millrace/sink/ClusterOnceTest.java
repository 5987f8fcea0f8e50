package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Effectively-once on a cluster whose masters have replicas, while its nodes stay what they are. */
class ClusterOnceTest {

    private static LocalCluster cluster;
    private final OnceWorkload work = new OnceWorkload(new Feed(1), 11, 300);
    private SinkDriver sink;

    @BeforeAll
    static void startCluster() {
        cluster = LocalCluster.of(ServerVersion.standard()).replicas(1).start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void start() {
        cluster.masters().forEach(master -> master.command("FLUSHALL"));
        sink = new SinkDriver(SinkDriver.to(cluster), false);
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void cutConnectionsAndEndedTasksLoseNothingAndDoubleNothing() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 9; round++) {
            sink.prepare(work.next(1500), 1 + random.nextInt(30));
            sink.pump();
            switch (round % 3) {
                case 0 -> cluster.masters().forEach(ClusterOnceTest::cut);
                case 1 -> cut(cluster.masters().get(random.nextInt(3)));
                default -> {
                    cut(cluster.masters().get(random.nextInt(3)));
                    sink.crash();
                    sink.committed(0);
                    sink.restart();
                }
            }
        }
        sink.awaitApplied();
        work.assertIn(cluster);
    }

    /** Null when the connection was cut. */
    private static List<?> read(String one, String other) {
        LocalServer master = cluster.masterOf(HashSlot.of(Feed.bytes(one)));
        try (RespClient client = master.connect()) {
            return (List<?>) client.call("MGET", one, other);
        } catch (IOException e) {
            return null;
        }
    }

    private static void cut(LocalServer node) {
        node.command("CLIENT", "KILL", "TYPE", "normal");
    }

    @Test
    void aRewoundConsumerDoublesNothing() throws IOException {
        sink.send(work.next(4000), 7);
        sink.awaitApplied();
        sink.crash();
        sink.committed(0);
        sink.restart();
        sink.send(work.next(1000), 7);
        sink.awaitApplied();
        work.assertIn(cluster);
        assertThat(SinkDriver.status().getChangesRefused()).isZero();
    }

    @Test
    void aFlushOfTheSourceIsFollowedAndWhatCameBeforeDoesNotComeBack() throws IOException {
        sink.send(work.next(1000), 5);
        sink.send(work.flush());
        sink.send(work.next(500), 5);
        sink.awaitApplied();
        work.assertIn(cluster);
        sink.crash();
        sink.committed(0);
        sink.restart();
        sink.send(work.next(500), 5);
        sink.send(work.flush());
        sink.awaitApplied();
        sink.crash();
        sink.restart();
        sink.send(work.next(500), 5);
        sink.awaitApplied();
        work.assertIn(cluster);
    }

    @Test
    void aReaderNeverSeesHalfOfATransaction() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> torn = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            for (int i = 0; !done.get() && torn.get() == null; i++) {
                String pair = "{pair" + i % 10 + "}";
                List<?> both = read(pair + "a", pair + "b");
                if (both != null && !Arrays.equals((byte[]) both.get(0), (byte[]) both.get(1))) {
                    torn.set(pair);
                }
            }
        });
        reader.start();
        try {
            for (int round = 0; round < 5; round++) {
                sink.send(work.next(1000), 3);
                cluster.masters().forEach(ClusterOnceTest::cut);
            }
            sink.awaitApplied();
        } finally {
            done.set(true);
            reader.join();
        }
        assertThat(torn.get()).isNull();
        work.assertIn(cluster);
    }

    /** The rule of docs/setting-up-redis.md, and what becomes of a user without the part of it that a cluster needs. */
    @Test
    void theDocumentedUserMayAndOneWithoutTheFenceIsToldWhatItLacks() throws IOException {
        String rule = "on >secret ~* resetchannels +@all -@admin -@dangerous +restore +sort +info +cluster +flushall"
                + " +flushdb +swapdb +function +script +acl|whoami";
        allow("sinks", rule + " +client|setname +client|list +client|kill +wait");
        allow("lacking", rule);
        sink.close();
        sink = new SinkDriver(SinkDriver.to(cluster, "redis.user", "sinks", "redis.password", "secret"), false);
        sink.send(work.next(300), 5);
        sink.awaitApplied();
        sink.crash();
        sink.restart();
        sink.send(work.next(300), 5);
        sink.awaitApplied();
        sink.close();
        work.assertIn(cluster);
        sink = new SinkDriver(SinkDriver.to(cluster, "redis.user", "lacking", "redis.password", "secret"), false);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThatThrownBy(sink::pump).hasMessageContaining("+client|list +client|kill"));
    }

    private static void allow(String user, String rule) {
        List<Object> command = new ArrayList<>(List.of("ACL", "SETUSER", user));
        command.addAll(List.of((Object[]) rule.split(" ")));
        cluster.nodes().forEach(node -> node.command(command.toArray()));
    }
}
