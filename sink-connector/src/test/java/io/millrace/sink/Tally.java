package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Changes of which none may be applied twice, left out or overtaken without showing: counters, lists, pairs. */
final class Tally {

    private static final int KEYS = 7;

    private final Feed feed;
    private int made;

    Tally(Feed feed) {
        this.feed = feed;
    }

    /** So many more steps, in databases 0 and 1. */
    List<Change> more(int steps) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < steps; i++, made++) {
            feed.db(made % 3 == 0 ? 1 : 0);
            changes.add(feed.command("INCR", "counter" + made % KEYS));
            changes.add(feed.command("RPUSH", "list" + made % KEYS, made));
            if (made % 5 == 0) {
                feed.db(0);
                changes.addAll(feed.transaction(new Object[] {"INCR", "pair:a"}, new Object[] {"INCR", "pair:b"}));
            }
        }
        feed.db(0);
        return changes;
    }

    void check(RespClient client) throws IOException {
        List<List<List<String>>> lists = new ArrayList<>();
        for (int db = 0; db < 2; db++) {
            lists.add(new ArrayList<>());
            for (int k = 0; k < KEYS; k++) {
                lists.get(db).add(new ArrayList<>());
            }
        }
        int pairs = 0;
        for (int i = 0; i < made; i++) {
            lists.get(i % 3 == 0 ? 1 : 0).get(i % KEYS).add(Integer.toString(i));
            pairs += i % 5 == 0 ? 1 : 0;
        }
        for (int db = 0; db < 2; db++) {
            client.call("SELECT", db);
            for (int k = 0; k < KEYS; k++) {
                List<String> expected = lists.get(db).get(k);
                List<?> found = (List<?>) client.call("LRANGE", "list" + k, 0, -1);
                assertThat(found.stream().map(Tally::text)).containsExactlyElementsOf(expected);
                Object counter = client.call("GET", "counter" + k);
                assertThat(counter == null ? "0" : text(counter)).isEqualTo(Integer.toString(expected.size()));
            }
        }
        client.call("SELECT", 0);
        assertThat(text(client.call("GET", "pair:a"))).isEqualTo(Integer.toString(pairs));
        assertThat(text(client.call("GET", "pair:b"))).isEqualTo(Integer.toString(pairs));
    }

    static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
