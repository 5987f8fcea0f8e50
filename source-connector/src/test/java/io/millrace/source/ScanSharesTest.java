package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Holdings;
import io.millrace.change.Position;
import io.millrace.client.ClusterNodes;
import io.millrace.slot.SlotSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Every slot has one shard's scan that answers for it, whatever was begun before. */
class ScanSharesTest {

    private static final SlotSet LOW = SlotSet.range(0, 5000);
    private static final SlotSet MIDDLE = SlotSet.range(5001, 10_000);
    private static final SlotSet HIGH = SlotSet.range(10_001, 16_383);
    private static final SlotSet MOVED = SlotSet.range(4000, 5000);

    private static ClusterNodes.Member master(SlotSet slots) {
        return new ClusterNodes.Member("id", null, Set.of("master"), null, 1, slots, SlotSet.NONE);
    }

    private static Position scan(SlotSet own) {
        return new Position(1, Position.SCAN + "0".repeat(36), 7, 0, true, Holdings.ofScan(own, SlotSet.NONE));
    }

    @Test
    void atFirstEachShardHasItsOwnSlots() {
        Map<String, ClusterNodes.Member> shards =
                Map.of("a", master(LOW), "b", master(MIDDLE), "c", master(HIGH), "none", master(SlotSet.NONE));
        Map<String, SlotSet> shares = ScanShares.of(shards, Map.of());
        assertThat(shares).isEqualTo(Map.of("a", LOW, "b", MIDDLE, "c", HIGH));
        assertThat(ScanShares.parse(ScanShares.text(shares))).isEqualTo(shares);
    }

    @Test
    void whatWasBegunStaysThoughSlotsHaveMoved() {
        Map<String, ClusterNodes.Member> shards =
                Map.of("a", master(LOW.minus(MOVED)), "b", master(MIDDLE.union(MOVED)), "c", master(HIGH));
        assertThat(ScanShares.of(shards, Map.of("a", scan(LOW))))
                .as("begun where they were")
                .isEqualTo(Map.of("a", LOW, "b", MIDDLE, "c", HIGH));
        assertThat(ScanShares.of(shards, Map.of("b", scan(MIDDLE), "c", scan(HIGH))))
                .as("not begun, and now with one that was: another shard goes after them")
                .isEqualTo(Map.of("a", LOW, "b", MIDDLE, "c", HIGH));
        assertThat(ScanShares.of(
                        Map.of("a", master(SlotSet.NONE), "b", master(MIDDLE.union(LOW)), "c", master(HIGH)),
                        Map.of("a", scan(LOW), "b", scan(MIDDLE), "c", scan(HIGH))))
                .as("a shard without slots ends what it began")
                .isEqualTo(Map.of("a", LOW, "b", MIDDLE, "c", HIGH));
    }

    @Test
    void positionsOfAReplicationSayNothing() {
        Position replicated = new Position(3, "0".repeat(40), 7, 0, false, Holdings.of(SlotSet.ALL));
        assertThat(ScanShares.of(Map.of("a", master(SlotSet.ALL)), Map.of("a", replicated)))
                .isEqualTo(Map.of("a", SlotSet.ALL));
        assertThat(ScanShares.stored(replicated)).isNull();
    }

    @Test
    void slotsThatNobodyCanAnswerForAreRefused() {
        Map<String, ClusterNodes.Member> shards = Map.of("b", master(LOW.union(MIDDLE)), "c", master(HIGH));
        assertThatThrownBy(() -> ScanShares.of(shards, Map.of("b", scan(MIDDLE), "c", scan(HIGH))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("The slots 0-5000 were scanned by a shard that has left");
        assertThatThrownBy(() -> ScanShares.of(Map.of("a", master(LOW), "c", master(HIGH)), Map.of()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("The slots 5001-10000 of the cluster have no master");
    }
}
