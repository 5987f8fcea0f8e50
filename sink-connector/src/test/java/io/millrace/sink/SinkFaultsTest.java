package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.codec.ChangeCodec;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What happens when the destination refuses, is full, breaks or hangs. */
class SinkFaultsTest extends StandaloneDestination {

    @Test
    void aRefusedCommandStopsTheTaskAndIsNamed() throws IOException {
        start();
        client.call("SET", "wrong", "type");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            changes.add(i == 1234 ? feed.command("LPUSH", "wrong", "1") : feed.command("SET", "k" + i, i));
        }
        sink.send(changes, 1);
        assertThatThrownBy(sink::awaitApplied)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused LPUSH of key \"wrong\"")
                .hasMessageContaining("record changes-0@1234")
                .hasMessageContaining("WRONGTYPE")
                .hasMessageContaining("errors.tolerance");
        assertThat(sink.task()
                        .preCommit(new HashMap<>(Map.of(SinkDriver.PARTITION, new OffsetAndMetadata(3000))))
                        .get(SinkDriver.PARTITION)
                        .offset())
                .isLessThanOrEqualTo(1234)
                .isGreaterThanOrEqualTo(1000);
    }

    @Test
    void refusedCommandsAreReportedAloneWithTheirKeyAlsoFromTransactionsAndBatches() throws IOException {
        sink = new SinkDriver(SinkDriver.to(server), true);
        client.call("SET", "wrong", "type");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            changes.add(
                    i == 777
                            ? feed.command("LPUSH", "wrong", "1")
                            : i == 888 ? feed.command("NOSUCHCOMMAND", "k") : feed.command("INCR", "n"));
        }
        changes.addAll(feed.transaction(
                new Object[] {"INCR", "n"},
                new Object[] {"SET", "too", "many", "words", "here"},
                new Object[] {"INCR", "n"}));
        sink.send(changes, 50);
        sink.awaitApplied();
        assertThat(get("n")).isEqualTo("2000");
        assertThat(sink.reports()).hasSize(3);
        assertThat(sink.reports())
                .extracting(r -> r.error().getMessage())
                .satisfiesExactlyInAnyOrder(
                        m -> assertThat(m).contains("LPUSH of key \"wrong\"", "changes-0@15", "WRONGTYPE"),
                        m -> assertThat(m).contains("NOSUCHCOMMAND", "changes-0@17"),
                        m -> assertThat(m).contains("SET of key \"too\"", "changes-0@40"));
        ChangeCodec codec = new ChangeCodec();
        assertThat(sink.reports())
                .allSatisfy(r -> assertThat(
                                codec.read(r.record().valueSchema(), r.record().value()))
                        .hasSize(1));
    }

    @Test
    void withoutMemoryItWaitsAndNothingIsLost() throws IOException {
        start();
        sink.send(feed.command("RPUSH", "l", "begin"));
        sink.awaitApplied();
        client.call("CONFIG", "SET", "maxmemory", "1");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            changes.add(feed.command("RPUSH", "l", i));
            changes.add(feed.command("SET", "k" + i, i));
        }
        changes.add(feed.command("LPOP", "l"));
        sink.send(changes, 10);
        SinkStatusMXBean status = SinkDriver.status();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> status.getState().equals("waiting for memory"));
        assertThat(get("k0")).isNull();
        client.call("CONFIG", "SET", "maxmemory", "0");
        sink.awaitApplied();
        assertThat(status.getState()).isEqualTo("running");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            expected.add(Integer.toString(i));
        }
        assertThat(list("l")).isEqualTo(expected);
    }

    @Test
    void aServerThatIsKilledIsWaitedForAndTheSuffixIsAppliedAgain() throws IOException {
        try (LocalServer mortal =
                LocalServer.of(ServerVersion.standard()).appendOnly().start()) {
            sink = new SinkDriver(SinkDriver.to(mortal), false);
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                changes.add(feed.command("SET", "k" + i % 5000, i));
            }
            sink.send(changes.subList(0, 15_000), 100);
            mortal.kill9();
            sink.send(changes.subList(15_000, 20_000), 100);
            mortal.start();
            sink.awaitApplied();
            try (RespClient to = mortal.connect()) {
                assertThat(size(to)).isEqualTo(5000);
                for (int i = 0; i < 5000; i++) {
                    to.send("GET", "k" + i);
                }
                for (int i = 0; i < 5000; i++) {
                    assertThat(new String((byte[]) to.receive(), StandardCharsets.UTF_8))
                            .isEqualTo(Integer.toString(15_000 + i));
                }
            }
        }
    }

    @Test
    void aServerThatHangsNeitherHoldsTheConsumerNorTheEndOfTheTask() throws IOException {
        try (LocalServer hanging = LocalServer.start(ServerVersion.standard())) {
            sink = new SinkDriver(SinkDriver.to(hanging, "buffer.max.changes", "1000"), false);
            sink.send(feed.command("SET", "begin", "1"));
            sink.awaitApplied();
            hanging.pause();
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 4000; i++) {
                changes.add(feed.command("SET", "k" + i, i));
            }
            long began = System.nanoTime();
            sink.send(changes.subList(0, 2000), 4);
            assertThat(sink.isPaused()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            assertThat(sink.commit()).isEqualTo(1);
            began = System.nanoTime();
            sink.crash();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            hanging.resume();
            sink.start();
            sink.send(changes, 4);
            sink.awaitApplied();
            assertThat(sink.isPaused()).isFalse();
            try (RespClient to = hanging.connect()) {
                assertThat(size(to)).isEqualTo(4001);
            }
        }
    }

    @Test
    void connectionsThatBreakAreOpenedAgain() throws IOException {
        start();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            changes.add(feed.command("SET", "k" + i % 100, i));
        }
        for (int from = 0; from < changes.size(); from += 3000) {
            sink.send(changes.subList(from, from + 3000), 30);
            client.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        }
        sink.awaitApplied();
        for (int i = 0; i < 100; i++) {
            assertThat(get("k" + i)).isEqualTo(Integer.toString(29_900 + i));
        }
    }

    @Test
    void aRenameAppliedAgainAfterACrashDoesNotStopTheTask() throws IOException {
        start("delivery.semantics", "at-least-once");
        List<Change> changes =
                List.of(feed.command("SET", "a", "1"), feed.command("RENAME", "a", "b"), feed.command("SET", "c", "1"));
        sink.send(changes, 1);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> "1".equals(get("c")));
        sink.crash();
        sink.start();
        sink.recordTime(1);
        sink.send(changes.subList(1, 3), 1);
        sink.awaitApplied();
        assertThat(get("b")).isEqualTo("1");
    }
}
