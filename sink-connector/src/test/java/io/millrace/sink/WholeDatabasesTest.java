package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** FLUSHALL, FLUSHDB, SWAPDB, MOVE and COPY … DB of a standalone source, with and without a map of databases. */
class WholeDatabasesTest extends StandaloneDestination {

    private static LocalCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = LocalCluster.of(ServerVersion.standard()).masters(2).start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private void startOnCluster(String... more) {
        cluster.masters().forEach(node -> node.command("FLUSHALL"));
        sink = new SinkDriver(SinkDriver.to(cluster, more), false);
    }

    private Set<String> keys(int db) throws IOException {
        client.call("SELECT", db);
        return names((List<?>) client.call("KEYS", "*"));
    }

    private static Set<String> keysOfCluster() {
        Set<String> names = new TreeSet<>();
        for (LocalServer node : cluster.masters()) {
            names.addAll(names((List<?>) node.command("KEYS", "*")));
        }
        return names;
    }

    private static Set<String> names(List<?> keys) {
        Set<String> names = new TreeSet<>();
        keys.forEach(key -> names.add(new String((byte[]) key, StandardCharsets.UTF_8)));
        names.removeIf(name -> name.startsWith("__millrace:"));
        return names;
    }

    @Test
    void eachGoesToTheDatabasesOfTheMap() throws IOException {
        start("database.map", "1:5");
        sink.send(
                feed.db(0).command("SET", "a", "0"),
                feed.db(1).command("SET", "b", "1"),
                feed.db(2).command("SET", "c", "2"),
                feed.db(0).command("SWAPDB", "0", "1"),
                feed.db(0).command("MOVE", "b", "2"),
                feed.db(1).command("COPY", "a", "a2", "DB", "0"),
                feed.db(2).command("COPY", "c", "c2", "DB", "1"));
        sink.awaitApplied();
        assertThat(keys(0)).containsExactly("a2");
        assertThat(keys(5)).containsExactly("a", "c2");
        assertThat(keys(2)).containsExactly("b", "c");
        assertThat(keys(1)).isEmpty();
        sink.send(feed.db(1).command("FLUSHDB"), feed.db(1).command("SET", "d", "1"));
        sink.awaitApplied();
        assertThat(keys(5)).containsExactly("d");
        assertThat(keys(2)).containsExactly("b", "c");
        sink.send(feed.db(1).command("FLUSHALL"), feed.db(1).command("SET", "e", "1"));
        sink.awaitApplied();
        assertThat(keys(5)).containsExactly("e");
        assertThat(keys(2)).isEmpty();
    }

    @Test
    void whatHappensBetweenDatabasesThatAreOneChangesNothing() throws IOException {
        start("database.map", "1:0");
        sink.send(
                feed.db(0).command("SET", "a", "0"),
                feed.db(1).command("SET", "b", "1"),
                feed.db(0).command("MOVE", "a", "1"),
                feed.db(1).command("COPY", "a", "a", "DB", "0"),
                feed.db(1).command("COPY", "a", "c", "DB", "0"),
                feed.db(0).command("SWAPDB", "0", "1"));
        sink.awaitApplied();
        assertThat(keys(0)).containsExactly("a", "b", "c");
    }

    @Test
    void aDatabaseThatSharesItsPlaceIsNotEmptiedAlsoAfterARestart() throws IOException {
        start("database.map", "1:0");
        sink.send(feed.db(0).command("SET", "a", "0"), feed.db(1).command("SET", "b", "1"));
        sink.awaitApplied();
        sink.crash();
        sink.restart();
        sink.send(feed.db(1).command("FLUSHDB"));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("FLUSHDB")
                .hasMessageContaining("database 0 of the destination has keys of other databases");
        assertThat(keys(0)).containsExactly("a", "b");
    }

    @Test
    void aDatabaseThatSharesItsPlaceIsNotSwapped() throws IOException {
        start("database.map", "1:0");
        sink.send(
                feed.db(0).command("SET", "a", "0"),
                feed.db(1).command("SET", "b", "1"),
                feed.db(2).command("SET", "c", "2"),
                feed.db(0).command("SWAPDB", "1", "2"));
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("SWAPDB").hasMessageContaining("database.map");
        assertThat(keys(2)).containsExactly("c");
    }

    @Test
    void onAClusterWhatNeedsASecondDatabaseIsRefusedByName() {
        for (Object[] command : new Object[][] {
            {"MOVE", "a", "1"}, {"SWAPDB", "0", "1"}, {"COPY", "a", "a", "DB", "1"},
        }) {
            startOnCluster();
            sink.send(feed.db(0).command("SET", "a", "0"), feed.db(0).command(command));
            assertThatThrownBy(sink::awaitApplied)
                    .hasMessageContaining(command[0].toString())
                    .hasMessageContaining("a cluster has only database 0");
            sink.close();
        }
    }

    @Test
    void onAClusterDatabasesThatAreOneDoWithoutIt() {
        startOnCluster("database.map", "1:0");
        sink.send(
                feed.db(0).command("SET", "a", "0"),
                feed.db(0).command("MOVE", "a", "1"),
                feed.db(1).command("SWAPDB", "0", "1"),
                feed.db(0).command("COPY", "a", "{a}2", "DB", "1"));
        sink.awaitApplied();
        assertThat(keysOfCluster()).containsExactly("a", "{a}2");
    }

    @Test
    void aSourceWithOneDatabaseMayEmptyTheCluster() {
        startOnCluster("database.map", "1:0");
        sink.send(
                feed.db(1).command("SET", "a", "0"),
                feed.db(1).command("FLUSHDB"),
                feed.db(1).command("SET", "b", "0"),
                feed.db(1).command("FLUSHALL", "ASYNC"),
                feed.db(1).command("SET", "c", "0"));
        sink.awaitApplied();
        assertThat(keysOfCluster()).containsExactly("c");
        sink.crash();
        sink.committed(0);
        sink.restart();
        sink.awaitApplied();
        assertThat(keysOfCluster()).containsExactly("c");
    }
}
