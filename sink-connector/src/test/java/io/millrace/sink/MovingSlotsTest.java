package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.change.Change;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.SlotMover;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Slots that move under the sink's hands: ASK, TRYAGAIN, then MOVED. */
class MovingSlotsTest extends ClusterDestination {

    @Test
    void slotsMayMoveWhileItWritesAndEveryListIsExact() throws Exception {
        start("batch.max.commands", "300");
        int tags = 12;
        Random random = new Random(7);
        Model model = new Model();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            int tag = random.nextInt(tags);
            String a = "{t" + tag + "}" + random.nextInt(30);
            String b = "{t" + tag + "}" + random.nextInt(30);
            if (random.nextInt(4) == 0 && model.move(a, b)) {
                changes.add(feed.command("LMOVE", a, b, "LEFT", "RIGHT"));
            } else {
                model.rpush(a, Integer.toString(i));
                changes.add(feed.command("RPUSH", a, i));
            }
        }
        cluster.masters().forEach(master -> master.command("CONFIG", "RESETSTAT"));
        Thread mover = new Thread(() -> {
            for (int round = 0; round < 3; round++) {
                for (int tag = 0; tag < tags; tag++) {
                    move(HashSlot.of(Feed.bytes("{t" + tag + "}")));
                }
            }
        });
        AtomicReference<Throwable> failure = new AtomicReference<>();
        mover.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        mover.start();
        try {
            for (int from = 0; from < changes.size(); from += 2000) {
                sink.send(changes.subList(from, from + 2000), 20);
                sink.commit();
            }
            sink.awaitApplied();
        } finally {
            mover.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(errors("MOVED")).isPositive();
        assertThat(errors("ASK")).isPositive();
        assertThat(errors("TRYAGAIN")).isPositive();
        model.lists.forEach((key, values) -> assertThat(list(key)).as(key).isEqualTo(new ArrayList<>(values)));
    }

    /** What RPUSH and LMOVE leave; every slot has keys that commands tie together. */
    private static final class Model {
        private final Map<String, Deque<String>> lists = new TreeMap<>();

        void rpush(String key, String value) {
            lists.computeIfAbsent(key, k -> new ArrayDeque<>()).add(value);
        }

        boolean move(String from, String to) {
            Deque<String> source = lists.get(from);
            if (source == null || source.isEmpty()) {
                return false;
            }
            rpush(to, source.removeFirst());
            return true;
        }
    }

    /** How often the nodes have answered with this error. */
    private static long errors(String code) {
        long sum = 0;
        for (LocalServer master : cluster.masters()) {
            String info = new String((byte[]) master.command("INFO", "errorstats"), StandardCharsets.UTF_8);
            for (String line : info.split("\r\n")) {
                String prefix = "errorstat_" + code + ":count=";
                if (line.startsWith(prefix)) {
                    sum += Long.parseLong(line.substring(prefix.length()));
                }
            }
        }
        return sum;
    }

    /** Moves a slot to the next master, a few keys at a time, as redis-cli --cluster reshard does. */
    private static void move(int slot) {
        try {
            List<LocalServer> masters = cluster.masters();
            // A node that takes a slot before it knows the others' epochs can lose it again to a late message.
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> masters.stream()
                                    .map(MovingSlotsTest::layout)
                                    .distinct()
                                    .count()
                            == 1);
            int owner = 0;
            while (!owns(masters.get(owner), slot)) {
                owner++;
            }
            LocalServer from = masters.get(owner);
            LocalServer to = masters.get((owner + 1) % masters.size());
            String fromId = SlotMover.id(from);
            String toId = SlotMover.id(to);
            to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
            from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
            while (true) {
                List<?> keys = (List<?>) from.command("CLUSTER", "GETKEYSINSLOT", slot, 3);
                if (keys.isEmpty()) {
                    break;
                }
                List<Object> migrate = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", to.port(), "", 0, 5000, "KEYS"));
                migrate.addAll(keys);
                from.command(migrate.toArray());
            }
            to.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
            from.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
            for (LocalServer master : masters) {
                if (master != from && master != to) {
                    master.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
                }
            }
        } catch (RuntimeException e) {
            throw new AssertionError("moving slot " + slot, e);
        }
    }

    /** Every node's id, epoch and slots, as one node sees them. */
    private static Set<String> layout(LocalServer node) {
        Set<String> nodes = new TreeSet<>();
        for (String line : new String((byte[]) node.command("CLUSTER", "NODES"), StandardCharsets.UTF_8).split("\n")) {
            String[] fields = line.strip().split(" ");
            nodes.add(fields[0] + " " + String.join(" ", Arrays.asList(fields).subList(6, fields.length)));
        }
        return nodes;
    }

    private static boolean owns(LocalServer node, int slot) {
        for (Object range : (List<?>) node.command("CLUSTER", "SLOTS")) {
            List<?> parts = (List<?>) range;
            long port = (Long) ((List<?>) parts.get(2)).get(1);
            if (port == node.port() && (Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
                return true;
            }
        }
        return false;
    }
}
