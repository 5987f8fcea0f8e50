package io.millrace.source;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Applies a topic to an empty server by the rules of docs/cluster-sources.md, as any consumer may: repetitions are known by
 * shard, generation and offset, and a change counts only if its shard was the last that claimed its slot.
 */
final class TopicReplay implements AutoCloseable {

    private final LocalServer server;
    private final RespClient client;
    private final int[] taken;
    private final List<Map<String, Long>> done = new ArrayList<>();
    private final List<String[]> owners = new ArrayList<>();
    private final List<Map<String, TransactionMark>> transactions = new ArrayList<>();
    private long fenced;
    private long repeated;

    TopicReplay(LocalServer server, int partitions) throws IOException {
        this.server = server;
        this.client = server.connect();
        this.taken = new int[partitions];
        for (int i = 0; i < partitions; i++) {
            done.add(new HashMap<>());
            transactions.add(new HashMap<>());
            owners.add(new String[HashSlot.COUNT]);
        }
    }

    /** Changes of slots that another shard had claimed. */
    long fenced() {
        return fenced;
    }

    long repeated() {
        return repeated;
    }

    void take(List<List<Change>> topic) throws IOException {
        for (int p = 0; p < taken.length; p++) {
            List<Change> partition = topic.get(p);
            for (int i = taken[p]; i < partition.size(); i++) {
                apply(partition.get(i), done.get(p), owners.get(p), transactions.get(p));
            }
            taken[p] = partition.size();
        }
    }

    /** In each partition a transaction counts from 0 and ends before the shard's next change. */
    private static void follow(CommandChange change, String history, Map<String, TransactionMark> open) {
        TransactionMark before = open.get(history);
        TransactionMark mark = change.transaction();
        boolean goesOn = mark != null && before != null && mark.id() == before.id();
        boolean right =
                goesOn ? mark.index() == before.index() + 1 : before == null && (mark == null || mark.index() == 0);
        if (!right) {
            throw new AssertionError("behind " + before + " comes " + mark + ", "
                    + change.command().name());
        }
        open.put(history, mark == null || mark.last() ? null : mark);
    }

    private void apply(
            Change change, Map<String, Long> progress, String[] owner, Map<String, TransactionMark> transactions)
            throws IOException {
        Origin origin = change.origin();
        String shard = origin.shard();
        String history = shard + "/" + origin.generation();
        if (change instanceof Mark mark) {
            boolean begins = mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN;
            if (begins) {
                progress.put(history, -1L);
            }
            boolean stale = change.offset() < progress.getOrDefault(history, -1L);
            if (begins) {
                remove(mark.slots());
            }
            if (begins || (mark.meaning() == Mark.Meaning.TOPOLOGY && !stale)) {
                long epoch = Long.parseLong(mark.details().get("epoch"));
                mark.slots().stream().forEach(slot -> {
                    String before = owner[slot];
                    if (before == null || epoch >= Long.parseLong(before.substring(before.indexOf(' ') + 1))) {
                        owner[slot] = shard + " " + epoch;
                    }
                });
            }
            return;
        }
        if (change instanceof CommandChange command) {
            follow(command, history, transactions);
            if (command.offset() <= progress.getOrDefault(history, -1L) && command.transaction() == null) {
                repeated++;
                return;
            }
            progress.put(history, command.offset());
        }
        if (change.key() == null) {
            if (change instanceof CommandChange command
                    && command.command().name().startsWith("FLUSH")) {
                remove(SlotSet.of(command.slots().stream().filter(slot -> owns(shard, owner[slot]))));
            }
            return;
        }
        if (!owns(shard, owner[HashSlot.of(change.key())])) {
            fenced++;
            return;
        }
        if (change instanceof SnapshotEntry entry) {
            call(
                    "RESTORE",
                    entry.key(),
                    Long.toString(entry.expireAt() == Expiry.NONE ? 0 : entry.expireAt()),
                    entry.payload(),
                    "REPLACE",
                    "ABSTTL");
        } else {
            CommandChange command = (CommandChange) change;
            Object[] words = new Object[command.command().args().length + 1];
            words[0] = command.command().name();
            System.arraycopy(command.command().args(), 0, words, 1, words.length - 1);
            call(words);
        }
    }

    private static boolean owns(String shard, String owner) {
        return owner != null && owner.startsWith(shard + " ");
    }

    private void remove(SlotSet slots) throws IOException {
        for (Object key : (List<?>) client.call("KEYS", "*")) {
            if (slots.contains(HashSlot.of((byte[]) key))) {
                client.call("DEL", key);
            }
        }
    }

    private void call(Object... command) throws IOException {
        client.call(command);
    }

    Map<String, String> keyspace() throws IOException {
        return keyspace(server, SlotSet.ALL);
    }

    /** The keys of these slots and their values. */
    static Map<String, String> keyspace(LocalServer server, SlotSet slots) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (RespClient client = server.connect()) {
            for (Object each : (List<?>) client.call("KEYS", "*")) {
                byte[] key = (byte[]) each;
                if (!slots.contains(HashSlot.of(key))) {
                    continue;
                }
                Object value = switch ((String) client.call("TYPE", key)) {
                    case "string" -> text(client.call("GET", key));
                    case "list" -> texts(client.call("LRANGE", key, "0", "-1"));
                    case "hash" -> pairs(client.call("HGETALL", key));
                    default -> "?";
                };
                all.put(text(key), String.valueOf(value));
            }
        }
        return all;
    }

    private static String pairs(Object reply) {
        Map<String, String> pairs = new TreeMap<>();
        List<?> list = (List<?>) reply;
        for (int i = 0; i < list.size(); i += 2) {
            pairs.put(text(list.get(i)), text(list.get(i + 1)));
        }
        return pairs.toString();
    }

    private static String texts(Object reply) {
        return ((List<?>) reply).stream().map(TopicReplay::text).toList().toString();
    }

    private static String text(Object bytes) {
        return bytes == null ? "" : new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
