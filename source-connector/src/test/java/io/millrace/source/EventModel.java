package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a consumer makes of the events: a keyspace. It applies units whole, and leaves out what it has had, which it knows by
 * generation and offset. It fails on a unit without an end, and on offsets that go back by anything but such a repetition.
 */
final class EventModel {

    private final TreeMap<String, List<String>> keys = new TreeMap<>();
    private final List<CommandChange> open = new ArrayList<>();
    private int taken;
    private int generation;
    private long offset = -1;
    private int repeated;
    private int generations;

    /** Takes the changes that it has not had of a list that grows. */
    void take(List<Change> changes) {
        while (taken < changes.size()) {
            take(changes.get(taken++));
        }
    }

    private void take(Change change) {
        if (change instanceof Mark mark) {
            mark(mark);
        } else if (change instanceof SnapshotEntry entry) {
            snapshot(entry);
        } else {
            command((CommandChange) change);
        }
    }

    private void mark(Mark mark) {
        if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
            keys.clear();
            open.clear();
            generation = mark.origin().generation();
            generations++;
            offset = mark.offset();
        }
        assertThat(mark.origin().generation()).isEqualTo(generation);
    }

    private void snapshot(SnapshotEntry entry) {
        List<String> value = keys.computeIfAbsent(name(entry.db(), entry.key()), k -> new ArrayList<>());
        if (entry.part() == null || entry.part().index() == 0) {
            value.clear();
        }
        if (entry.value() instanceof Value.ListValue list) {
            list.elements().forEach(e -> value.add(text(e)));
        } else {
            value.add(text(((Value.StringValue) entry.value()).bytes()));
        }
    }

    private void command(CommandChange change) {
        assertThat(change.origin().generation()).isEqualTo(generation);
        TransactionMark mark = change.transaction();
        if (mark == null || mark.index() == 0) {
            assertThat(open.isEmpty()
                            || (mark != null
                                    && mark.id() == open.get(0).transaction().id()))
                    .as("a unit without an end before offset %d", change.offset())
                    .isTrue();
            open.clear();
        } else {
            assertThat(open).as("changes before %s", mark).hasSize(mark.index());
        }
        open.add(change);
        if (mark != null && !mark.last()) {
            return;
        }
        if (change.offset() > offset) {
            open.forEach(this::apply);
            offset = change.offset();
        } else {
            repeated++;
        }
        open.clear();
    }

    private void apply(CommandChange change) {
        byte[][] args = change.command().args();
        List<String> value = keys.computeIfAbsent(name(change.db(), args[0]), k -> new ArrayList<>());
        switch (change.command().name()) {
            case "SET" -> {
                value.clear();
                value.add(text(args[1]));
            }
            case "INCR" -> {
                long number = value.isEmpty() ? 0 : Long.parseLong(value.remove(0));
                value.add(Long.toString(number + 1));
            }
            case "RPUSH" -> value.add(text(args[1]));
            default -> throw new AssertionError("not of the load: " + change.command());
        }
    }

    /** Units that came again. */
    int repeated() {
        return repeated;
    }

    /** Snapshots that began. */
    int generations() {
        return generations;
    }

    void assertEquals(LocalServer server) throws Exception {
        assertThat(open).as("a unit without an end").isEmpty();
        TreeMap<String, List<String>> theirs = new TreeMap<>();
        try (RespClient client = server.connect()) {
            for (int db = 0; db < 3; db++) {
                client.call("SELECT", Integer.toString(db));
                for (Object key : (List<?>) client.call("KEYS", "*")) {
                    List<String> value = new ArrayList<>();
                    if (client.call("TYPE", key).equals("list")) {
                        for (Object element : (List<?>) client.call("LRANGE", key, "0", "-1")) {
                            value.add(text((byte[]) element));
                        }
                    } else {
                        value.add(text((byte[]) client.call("GET", key)));
                    }
                    theirs.put(name(db, (byte[]) key), value);
                }
            }
        }
        assertThat(keys.keySet()).isEqualTo(theirs.keySet());
        for (String key : keys.keySet()) {
            assertThat(keys.get(key).equals(theirs.get(key)))
                    .as(
                            "%s: %d elements, there %d",
                            key, keys.get(key).size(), theirs.get(key).size())
                    .isTrue();
        }
    }

    private static String name(int db, byte[] key) {
        return db + ":" + text(key);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
