package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.SlotMover;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a new snapshot does not bring, on all masters of a cluster. */
class ClusterGhostsTest extends ClusterDestination {

    private static List<Change> snapshot(Feed feed, List<String> keys) {
        List<Change> changes = new ArrayList<>();
        changes.add(feed.mark(Mark.Meaning.SNAPSHOT_BEGIN));
        keys.forEach(key -> changes.add(feed.typed(key, new Value.StringValue(Feed.bytes(key)), Expiry.NONE)));
        changes.add(feed.mark(Mark.Meaning.SNAPSHOT_END));
        return changes;
    }

    private static Set<String> keys() {
        Set<String> names = new TreeSet<>();
        for (LocalServer master : cluster.masters()) {
            for (Object key : (List<?>) master.command("KEYS", "*")) {
                names.add(new String((byte[]) key, StandardCharsets.UTF_8));
            }
        }
        names.removeIf(name -> name.startsWith("__millrace:checkpoint"));
        return names;
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(n -> prefix + n).collect(Collectors.toList());
    }

    @Test
    void theyAreRemovedFromEveryMaster() {
        start();
        sink.send(snapshot(feed, names("key", 3_000)), 50);
        sink.send(snapshot(new Feed(2), names("key", 1_000)), 50);
        sink.awaitApplied();
        assertThat(keys()).containsExactlyElementsOf(new TreeSet<>(names("key", 1_000)));
        assertThat(SinkDriver.status().getGhostsRemoved()).isEqualTo(2_000);
    }

    @Test
    void theyAreRemovedWhileTheirSlotIsOnItsWay() {
        start();
        sink.send(snapshot(feed, names("{on-its-way}", 40)), 50);
        sink.awaitApplied();
        int slot = HashSlot.of(Feed.bytes("{on-its-way}"));
        LocalServer from = cluster.masterOf(slot);
        LocalServer to = cluster.masters().stream()
                .filter(master -> master != from)
                .findFirst()
                .orElseThrow();
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", SlotMover.id(from));
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", SlotMover.id(to));
        try {
            List<Object> migrate = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", to.port(), "", 0, 5000, "KEYS"));
            migrate.addAll(names("{on-its-way}", 20));
            from.command(migrate.toArray());

            sink.send(snapshot(new Feed(2), List.of("other")), 50);
            sink.awaitApplied();
            assertThat(keys()).containsExactly("other");
            assertThat(SinkDriver.status().getGhostsRemoved()).isEqualTo(40);
        } finally {
            from.command("CLUSTER", "SETSLOT", slot, "STABLE");
            to.command("CLUSTER", "SETSLOT", slot, "STABLE");
        }
    }
}
