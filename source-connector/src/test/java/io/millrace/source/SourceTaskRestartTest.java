package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Mark;
import io.millrace.change.Position;
import io.millrace.redis.local.RespClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a task goes on after a stop, a cut, a crash, and where the source cannot continue. */
class SourceTaskRestartTest extends StandaloneSource {

    @ParameterizedTest
    @ValueSource(strings = {"single", "batch"})
    void continuesAfterARestart(String grouping) throws Exception {
        start("record.grouping", grouping).until(() -> has(Mark.Meaning.SNAPSHOT_END));
        client.call("SELECT", "4");
        client.call("SET", "a", "1");
        driver.until(() -> sawKey("a"));
        driver.stop();
        client.call("SET", "b", "2");
        driver.start().until(() -> sawKey("b"));

        assertThat(commandTexts()).containsExactly("4 SET a 1", "4 SET b 2");
        assertThat(stat("sync_full")).isEqualTo(1);
        assertThat(stat("sync_partial_ok")).isEqualTo(1);
        assertThat(driver.changes())
                .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(1));
    }

    @Test
    void goesOnWhenTheLinkIsCutUnderLoad() throws Exception {
        start("record.grouping", "batch").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicReference<Exception> failed = new AtomicReference<>();
        int[] written = {0};
        Thread writer = new Thread(
                () -> {
                    try (RespClient load = server.connect()) {
                        while (writing.get()) {
                            for (int i = 0; i < 100; i++) {
                                load.send("RPUSH", "k", Integer.toString(written[0]++));
                                load.send("MULTI");
                                load.send("SELECT", Integer.toString(i % 3));
                                load.send("RPUSH", "t", Integer.toString(written[0]++));
                                load.send("RPUSH", "t", Integer.toString(written[0]++));
                                load.send("EXEC");
                            }
                            for (int i = 0; i < 600; i++) {
                                load.receive();
                            }
                        }
                    } catch (Exception e) {
                        failed.set(e);
                    }
                },
                "load");
        writer.start();
        long cuts = 0;
        while (cuts < 5) {
            int size = driver.changes().size();
            driver.until(() -> driver.changes().size() > size + 3000);
            cuts += (Long) client.call("CLIENT", "KILL", "TYPE", "replica");
        }
        writing.set(false);
        writer.join();
        assertThat(failed.get()).isNull();
        client.call("SET", "end", "1");
        driver.until(() -> sawKey("end"));

        List<Integer> seen = commands()
                .filter(c -> c.command().name().equals("RPUSH"))
                .map(c -> Integer.parseInt(text(c.command().args()[1])))
                .toList();
        assertThat(seen).hasSize(written[0]).isSorted();
        assertThat(seen.get(seen.size() - 1)).isEqualTo(written[0] - 1);
        assertThat(stat("sync_full")).isEqualTo(1);
        assertThat(stat("sync_partial_ok")).isEqualTo(cuts);
    }

    @Test
    void losesNothingWhenItCrashesWithRecordsInFlight() throws Exception {
        start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        client.call("SET", "a", "1");
        driver.until(() -> sawKey("a"));
        driver.acknowledging(false);
        client.call("MULTI");
        client.call("SET", "b", "1");
        client.call("SET", "c", "1");
        client.call("EXEC");
        driver.until(() -> sawKey("c"));
        driver.crash();
        driver.acknowledging(true);
        driver.changes().clear();
        driver.start().until(() -> sawKey("c"));
        assertThat(commandTexts()).containsExactly("0 SET b 1", "0 SET c 1");
    }

    @Test
    void movesTheStoredOffsetOfAnIdleSource() throws Exception {
        start("heartbeat.interval.ms", "10").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        long end = masterOffset();
        driver.until(() -> Position.fromMap(driver.storedOffset()).offset() > end);
        assertThat(has(Mark.Meaning.HEARTBEAT)).isTrue();
        driver.stop();
        driver.start();
        client.call("SET", "a", "1");
        driver.until(() -> sawKey("a"));
        assertThat(stat("sync_full")).isEqualTo(1);
    }

    @Test
    void beginsANewGenerationWhenTheSourceCannotContinue() throws Exception {
        start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        driver.stop();
        client.call("DEBUG", "CHANGE-REPL-ID");
        client.call("SET", "a", "1");
        driver.changes().clear();
        driver.start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        Mark begin = (Mark) driver.changes().get(0);
        assertThat(begin.origin().generation()).isEqualTo(2);
        assertThat(begin.details().get("reason")).contains("cannot continue");
        assertThat(driver.changes()).hasSize(3);
    }

    @Test
    void failsInsteadWhenToldTo() throws Exception {
        start("resync.policy", "fail").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        driver.stop();
        client.call("DEBUG", "CHANGE-REPL-ID");
        driver.start();
        assertThatThrownBy(() -> driver.until(() -> false))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("resync.policy")
                .hasMessageContaining("repl-backlog-size");
        assertThat(driver.status().getPhase()).isEqualTo("failed");
    }

    @Test
    void repeatsASnapshotThatWasNotComplete() throws Exception {
        fill(20_000);
        start("queue.max.changes", "100");
        driver.until(() -> driver.changes().size() > 10);
        driver.stop();
        assertThat(Position.fromMap(driver.storedOffset()).inSnapshot()).isTrue();
        driver.changes().clear();
        driver.start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        assertThat(driver.changes())
                .hasSize(20_002)
                .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(2));
    }
}
