package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Commands that count, append and move, so that each of them leaves a trace if it is lost or applied twice, and what they
 * leave altogether. Some commands assign, so that both kinds meet in a slot.
 */
final class OnceWorkload {

    private final Feed feed;
    private final Random random;
    private final int keys;
    private final Map<String, Object> expected = new TreeMap<>();
    private int number;

    private boolean crossing;

    OnceWorkload(Feed feed, long seed, int keys) {
        this.feed = feed;
        this.random = new Random(seed);
        this.keys = keys;
    }

    /** From now on the keys of one command are in different slots. */
    OnceWorkload crossing() {
        crossing = true;
        return this;
    }

    private String tag(String name) {
        return crossing ? name : "{" + name + "}";
    }

    /** The next changes; a transaction counts as one and is not divided. */
    List<Change> next(int count) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            one(changes);
        }
        return changes;
    }

    private void one(List<Change> out) {
        int n = random.nextInt(keys);
        number++;
        switch (random.nextInt(9)) {
            case 0 -> out.add(incr("count" + n));
            case 1 -> out.add(push("list" + n));
            case 2 -> {
                expected.merge("text" + n, number + ";", (before, more) -> "" + before + more);
                out.add(feed.command("APPEND", "text" + n, number + ";"));
            }
            case 3 -> {
                String pair = tag("pair" + n % 10);
                add(pair + "a");
                add(pair + "b");
                out.addAll(feed.transaction(new Object[] {"INCR", pair + "a"}, new Object[] {"INCR", pair + "b"}));
            }
            case 4 -> {
                String tag = tag("move" + n % 20);
                if (expected.get(tag + "from") instanceof List<?> from && !from.isEmpty()) {
                    Object first = from.remove(0);
                    if (from.isEmpty()) {
                        expected.remove(tag + "from");
                    }
                    listOf(tag + "to").add((String) first);
                    out.add(feed.command("LMOVE", tag + "from", tag + "to", "LEFT", "RIGHT"));
                } else {
                    out.add(push(tag + "from"));
                }
            }
            case 5 -> {
                String tag = tag("name" + n % 20);
                Object value = expected.remove(tag + "a");
                if (value == null) {
                    out.add(push(tag + "a"));
                } else {
                    expected.put(tag + "b", value);
                    out.add(feed.command("RENAME", tag + "a", tag + "b"));
                }
            }
            case 6 -> {
                expected.put("value" + n, Integer.toString(number));
                out.add(feed.command("SET", "value" + n, number));
            }
            case 7 -> {
                if (expected.remove("value" + n) != null) {
                    out.add(feed.command("DEL", "value" + n));
                } else {
                    out.add(incr("mixed" + n));
                }
            }
            default -> {
                expected.put("mixed" + n, Integer.toString(number));
                out.add(feed.command("SET", "mixed" + n, number));
            }
        }
    }

    private Change incr(String key) {
        add(key);
        return feed.command("INCR", key);
    }

    private void add(String key) {
        expected.merge(key, "1", (before, one) -> Integer.toString(Integer.parseInt((String) before) + 1));
    }

    private Change push(String key) {
        listOf(key).add(Integer.toString(number));
        return feed.command("RPUSH", key, number);
    }

    @SuppressWarnings("unchecked")
    private List<String> listOf(String key) {
        return (List<String>) expected.computeIfAbsent(key, k -> new ArrayList<String>());
    }

    /** The source was emptied. */
    Change flush() {
        expected.clear();
        return feed.command("FLUSHALL");
    }

    /** A string that others have written. */
    void expect(String key, String value) {
        expected.put(key, value);
    }

    /** The source has emptied these slots. */
    void forget(SlotSet slots) {
        expected.keySet().removeIf(key -> slots.contains(HashSlot.of(Feed.bytes(key))));
    }

    /** Compares all that the masters have, the sink's own keys left out. */
    void assertIn(LocalCluster cluster) throws IOException {
        assertIn(cluster.nodes());
    }

    void assertIn(List<LocalServer> nodes) throws IOException {
        Map<String, Object> found = new TreeMap<>();
        for (LocalServer node : nodes) {
            if (node.isRunning() && isMaster(node)) {
                try (RespClient client = node.connect()) {
                    for (Object key : (List<?>) client.call("KEYS", "*")) {
                        String name = text(key);
                        if (!name.startsWith("__millrace:")) {
                            found.put(name, value(client, key));
                        }
                    }
                }
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    private static Object value(RespClient client, Object key) throws IOException {
        if (text(client.call("TYPE", key)).equals("string")) {
            return text(client.call("GET", key));
        }
        return ((List<?>) client.call("LRANGE", key, 0, -1))
                .stream().map(OnceWorkload::text).toList();
    }

    static boolean isMaster(LocalServer node) {
        return text(((List<?>) node.command("ROLE")).get(0)).equals("master");
    }

    static String text(Object bytes) {
        return bytes instanceof byte[] raw ? new String(raw, StandardCharsets.UTF_8) : bytes.toString();
    }
}
