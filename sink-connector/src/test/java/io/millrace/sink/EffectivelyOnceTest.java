package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.errors.ConnectException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is applied once stays applied once, whatever becomes of the sink and its offsets. */
class EffectivelyOnceTest extends StandaloneDestination {

    private final Tally tally = new Tally(feed);

    @Test
    void aConsumerThatIsSetBackToTheBeginningDoublesNothing() throws IOException {
        start();
        sink.send(tally.more(2000), 10);
        sink.awaitApplied();
        long sessions = SinkDriver.status().getSessions();
        sink.crash();
        sink.committed(0);
        sink.restart();
        sink.send(tally.more(500), 10);
        sink.awaitApplied();
        tally.check(client);
        assertThat(sessions).isEqualTo(1);
        assertThat(SinkDriver.status().getCheckpoints()).containsKey("changes-0");
    }

    @Test
    void aSinkThatCrashesAnywhereGoesOnWhereTheDestinationIs() throws IOException {
        start("batch.max.commands", "50");
        List<Change> changes = tally.more(1500);
        int at = 0;
        for (int round = 0; round < 6; round++) {
            sink.send(changes.subList(at, at + 500), 1 + round);
            at += 500;
            sink.crash();
            sink.committed(0);
            sink.restart();
        }
        sink.send(changes.subList(at, changes.size()), 3);
        sink.awaitApplied();
        tally.check(client);
    }

    @Test
    void whatASourceRepeatsAfterARestartOfTheSinkIsKnown() throws IOException {
        start();
        List<Change> changes = new ArrayList<>(tally.more(200));
        sink.send(changes, 4);
        sink.awaitApplied();
        sink.crash();
        sink.restart();
        sink.send(changes.subList(changes.size() - 90, changes.size()), 4);
        sink.send(tally.more(10), 4);
        sink.awaitApplied();
        tally.check(client);
        assertThat(SinkDriver.status().getChangesRepeated()).isEqualTo(90);
    }

    @Test
    void aSinkThatWasTakenOverWritesNothingMoreAndSaysSo() throws IOException {
        start();
        sink.recordTime(1_000);
        List<Change> first = tally.more(300);
        sink.send(first, 10);
        sink.awaitApplied();
        Tally later = new Tally(new Feed(1));
        try (SinkDriver next = new SinkDriver(SinkDriver.to(server), false)) {
            next.recordTime(1_000);
            next.send(later.more(300), 10);
            next.awaitApplied();
            sink.send(feed.command("SET", "zombie", "1"), feed.command("INCR", "counter0"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThatThrownBy(() -> sink.commit())
                            .isInstanceOf(ConnectException.class)
                            .hasMessageContaining("has taken over changes-0"));
            assertThat(get("zombie")).isNull();
            next.send(later.more(100), 10);
            next.awaitApplied();
            later.check(client);
        }
    }

    @Test
    void aReaderNeverSeesHalfOfATransaction() throws Exception {
        start("batch.max.commands", "7");
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> torn = new AtomicReference<>();
        Thread reader = new Thread(
                () -> {
                    try (RespClient eyes = server.connect()) {
                        while (!done.get()) {
                            List<?> pair = (List<?>) eyes.call("MGET", "pair:a", "pair:b");
                            String a = pair.get(0) == null ? "0" : Tally.text(pair.get(0));
                            String b = pair.get(1) == null ? "0" : Tally.text(pair.get(1));
                            if (!a.equals(b)) {
                                torn.set(a + " and " + b);
                            }
                        }
                    } catch (IOException e) {
                        torn.set(e.toString());
                    }
                },
                "reader");
        reader.start();
        try {
            sink.send(tally.more(1500), 5);
            sink.awaitApplied();
        } finally {
            done.set(true);
            reader.join();
        }
        assertThat(torn.get()).isNull();
        tally.check(client);
    }

    @Test
    void checkpointsOutliveTheCommandsThatEmptyOrSwapDatabases() throws IOException {
        String other = "__millrace:checkpoint:other:t-0";
        start();
        client.call("HSET", other, "owner", "7:x", "applied", "12.0.0");
        feed.db(0);
        List<List<Change>> rounds = List.of(
                List.of(feed.command("INCR", "n"), feed.command("FLUSHALL"), feed.command("INCR", "n")),
                List.of(feed.command("INCR", "n"), feed.command("FLUSHDB"), feed.command("INCR", "n")),
                List.of(feed.command("SWAPDB", "0", "1"), feed.command("INCR", "n")),
                List.of(feed.command("SWAPDB", "1", "0"), feed.command("SWAPDB", "3", "1"), feed.command("INCR", "n")),
                feed.transaction(
                        new Object[] {"INCR", "n"}, new Object[] {"SWAPDB", "0", "2"}, new Object[] {"SWAPDB", "2", "1"
                        }));
        for (List<Change> round : rounds) {
            sink.send(round, 1);
            sink.awaitApplied();
            assertThat(client.call("HGET", other, "owner")).isNotNull();
            sink.crash();
            sink.committed(0);
            sink.restart();
        }
        sink.send(feed.command("SET", "end", "1"));
        sink.awaitApplied();
        // 1 after FLUSHALL, 1 after FLUSHDB, then 1 in the other database, then 2 and 3 in the first, which went to 2
        // and to 1
        client.call("SELECT", 1);
        assertThat(get("n")).isEqualTo("3");
        assertThat(size(client)).isEqualTo(1);
        client.call("SELECT", 0);
    }

    @Test
    void aDestinationThatIsEmptiedUnderTheSinkIsNoticed() throws IOException {
        start();
        sink.send(tally.more(50), 1);
        sink.awaitApplied();
        client.call("FLUSHALL");
        sink.send(feed.command("SET", "k", "v"));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("has been emptied while the sink was at work")
                .hasMessageContaining("replay --from-start");
        assertThat(get("k")).isNull();
    }

    @Test
    void aTopicThatWasMadeAnewIsNoticed() throws IOException {
        start();
        sink.send(tally.more(50), 1);
        sink.awaitApplied();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        Tally.text(client.call("HGET", CHECKPOINT, "resume")).equals(Long.toString(sink.sent())));
        sink.crash();
        sink.committed(0);
        sink.start();
        sink.send(feed.command("SET", "k", "v"));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("the topic ends before")
                .hasMessageContaining("/offsets");
        assertThat(get("k")).isNull();
    }

    @Test
    void aTopicThatWasMadeAnewAndHasGrownPastTheCheckpointIsNoticed() throws IOException {
        start();
        sink.recordTime(1_000);
        sink.send(tally.more(50), 1);
        sink.awaitApplied();
        long resume = sink.sent();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        Tally.text(client.call("HGET", CHECKPOINT, "before")).equals((resume - 1) + " 1000"));
        sink.crash();
        sink.committed(0);
        sink.start();
        sink.recordTime(2_000);
        sink.send(Collections.nCopies((int) resume + 10, feed.command("SET", "k", "v")), 1);
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("the record at offset " + (resume - 1) + " is not the one that was applied")
                .hasMessageContaining("made anew")
                .hasMessageContaining("/offsets");
        assertThat(get("k")).isNull();
    }

    @Test
    void alteredOffsetsTakeTheCheckpointAlong() throws IOException {
        start();
        sink.send(tally.more(300), 10);
        sink.awaitApplied();
        Map<String, String> properties = new HashMap<>(SinkDriver.to(server));
        client.call("FLUSHALL");
        assertThat(new RedisSinkConnector().alterOffsets(properties, Map.of(SinkDriver.PARTITION, 0L)))
                .isTrue();
        assertThatThrownBy(() -> {
                    sink.send(feed.command("SET", "zombie", "1"));
                    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sink.commit() < 0);
                })
                .hasMessageContaining("taken over");
        sink.crash();
        sink.restart();
        sink.awaitApplied();
        assertThat(get("zombie")).isEqualTo("1");
        tally.check(client);
        assertThatThrownBy(() -> new RedisSinkConnector()
                        .alterOffsets(
                                Map.of("redis.hosts", "127.0.0.1:1", "redis.connect.timeout.ms", "200"),
                                Map.of(SinkDriver.PARTITION, 0L)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("The offsets were not altered");
    }

    @Test
    void whatStoppedTheSinkIsTriedAgainAndTheRestIsNot() throws IOException {
        start();
        client.call("SET", "wrong", "type");
        List<Change> changes = new ArrayList<>(tally.more(30));
        changes.add(feed.command("LPUSH", "wrong", "1"));
        changes.addAll(tally.more(70));
        sink.send(changes, 1);
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("refused LPUSH of key \"wrong\"");
        sink.crash();
        sink.restart();
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("refused LPUSH of key \"wrong\"");
        sink.crash();
        client.call("DEL", "wrong");
        sink.restart();
        sink.send(tally.more(10), 1);
        sink.awaitApplied();
        assertThat(list("wrong")).containsExactly("1");
        tally.check(client);
    }

    @Test
    void whatWouldBeTooLateIsNotTriedAgain() throws IOException {
        start();
        client.call("SET", "wrong", "type");
        sink.send(
                List.of(
                        feed.command("INCR", "n"),
                        feed.command("LPUSH", "wrong", "1"),
                        feed.command("DEL", "wrong"),
                        feed.command("INCR", "n")),
                4);
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("refused LPUSH of key \"wrong\"");
        sink.close();
        start();
        sink.send(feed.command("SET", "after", "1"));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("The sink has stopped before")
                .hasMessageContaining("LPUSH of key \"wrong\"");
        sink.close();
        sink = new SinkDriver(SinkDriver.to(server), true);
        sink.send(
                List.of(
                        feed.command("INCR", "n"),
                        feed.command("LPUSH", "wrong", "1"),
                        feed.command("DEL", "wrong"),
                        feed.command("INCR", "n")),
                4);
        sink.send(feed.command("SET", "after", "1"));
        sink.awaitApplied();
        assertThat(get("n")).isEqualTo("2");
        assertThat(get("wrong")).isNull();
        assertThat(get("after")).isEqualTo("1");
    }
}
