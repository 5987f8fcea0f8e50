package io.millrace.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.failure.RedisFailure;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.sink.Feed;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.ResumePoint;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two sinks of one name on one cluster. */
class ClusterOnceFenceTest {

    private static final int KEYS = 300;
    private static final ResumePoints FROM_THE_START = partition -> new ResumePoint(0, Map.of());
    private static LocalCluster cluster;

    @BeforeAll
    static void start() {
        cluster = LocalCluster.start(ServerVersion.standard());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void empty() {
        cluster.masters().forEach(master -> master.command("FLUSHALL"));
    }

    /** The clock of all sessions. */
    private static final AtomicLong MILLIS = new AtomicLong();

    private static ClusterOnce sink() {
        List<Address> seeds = cluster.masters().stream()
                .map(node -> new Address(LocalServer.HOST, node.port()))
                .toList();
        ApplySettings settings = new ApplySettings(Duration.ofMinutes(1), Duration.ofMinutes(1), 1000, 1 << 20);
        SessionParts parts = new SessionParts(
                new NodeConnector(RedisEndpoint.cluster(seeds)),
                "fenced",
                settings,
                new NoneRefused(),
                new RetryWindows(settings),
                new AbortSignal(),
                new OutageReport(state -> {}),
                MILLIS::get);
        return new ClusterOnce(parts, Set.of(new LogPartition(Planned.TOPIC, 0)));
    }

    private static List<Unit> increments(int from) {
        List<Change> changes = new ArrayList<>();
        Feed feed = new Feed(1);
        for (int i = 0; i < KEYS; i++) {
            changes.add(feed.command("INCR", "n" + i));
        }
        return Planned.units(from, changes);
    }

    private static void assertCounters(String value) throws IOException {
        for (int i = 0; i < KEYS; i++) {
            LocalServer master = cluster.masterOf(HashSlot.of(Feed.bytes("n" + i)));
            try (RespClient client = master.connect()) {
                byte[] found = (byte[]) client.call("GET", "n" + i);
                assertThat(new String(found, StandardCharsets.UTF_8)).isEqualTo(value);
            }
        }
    }

    @Test
    void aSinkThatWasReplacedWritesNothingOnConnectionsThatItStillHas() throws Exception {
        ClusterOnce first = sink();
        ClusterOnce second = sink();
        try (Session zombie = first.open()) {
            apply(zombie, increments(0));
            try (Session owner = second.open()) {
                assertThatThrownBy(() -> apply(zombie, increments(KEYS))).isInstanceOf(SessionEndedException.class);
                assertCounters("1");
                assertThat(increments(0)).allMatch(owner::isApplied);
                assertThat(increments(KEYS)).noneMatch(owner::isApplied);
                assertThatThrownBy(first::open)
                        .isInstanceOf(TakenOverException.class)
                        .hasMessageContaining(Planned.TOPIC + "-0");
                apply(owner, increments(KEYS));
                assertCounters("2");
            }
        }
    }

    @Test
    void aSessionEndsTheConnectionsOfTheOneBeforeItAndGoesOn() throws Exception {
        ClusterOnce once = sink();
        try (Session before = once.open()) {
            apply(before, increments(0));
            try (Session after = once.open()) {
                assertThatThrownBy(() -> apply(before, increments(KEYS))).isInstanceOf(SessionEndedException.class);
                apply(after, increments(KEYS));
                after.note(FROM_THE_START);
                assertCounters("2");
                MILLIS.addAndGet(2900);
                after.note(FROM_THE_START);
                try (Session soon = once.open()) {
                    assertThat(isPast(soon)).isFalse();
                }
            }
            try (Session again = once.open()) {
                apply(again, increments(2 * KEYS));
                again.note(FROM_THE_START);
                MILLIS.addAndGet(3000);
                again.note(FROM_THE_START);
            }
            try (Session last = once.open()) {
                assertThat(isPast(last)).isTrue();
            }
        }
    }

    /** Whether the main checkpoint is past the second increments. */
    private static boolean isPast(Session session) {
        return session.isPast(
                new LogPartition(Planned.TOPIC, 0),
                increments(KEYS).get(KEYS - 1).position());
    }

    @Test
    void checkpointsOfSlotsWithoutAMainOneAreOfAnotherLogAndForgotten() throws Exception {
        try (Session session = sink().open()) {
            apply(session, increments(0));
        }
        byte[] main = "__millrace:checkpoint:fenced:changes-0".getBytes(StandardCharsets.UTF_8);
        cluster.masterOf(HashSlot.of(main)).command("DEL", main);
        try (Session session = sink().open()) {
            assertThat(increments(0)).noneMatch(session::isApplied);
        }
    }

    private static void apply(Session session, List<Unit> window) throws Exception {
        session.send(window, FROM_THE_START);
        session.settle();
    }

    private static final class NoneRefused implements RefusedCommands {

        @Override
        public void refused(PlannedCommand command, Address node, RedisFailure failure) {
            throw new AssertionError(command + " " + failure);
        }

        @Override
        public void skipped(PlannedCommand command, RedisFailure failure) {
            throw new AssertionError(command + " " + failure);
        }

        @Override
        public void refusedBefore(String sentence) {
            throw new AssertionError(sentence);
        }
    }
}
