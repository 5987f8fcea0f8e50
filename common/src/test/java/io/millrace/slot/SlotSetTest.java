package io.millrace.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotSetTest {

    @Property(tries = 200)
    void theTextOfASetReadsAsTheSet(@ForAll Set<@IntRange(max = 16_383) Integer> slots) {
        SlotSet set = SlotSet.of(slots.stream().mapToInt(Integer::intValue));

        assertThat(SlotSet.parse(set.toString())).isEqualTo(set);
        assertThat(set.stream().boxed().collect(Collectors.toSet())).isEqualTo(slots);
        assertThat(set.size()).isEqualTo(slots.size());
    }

    @Property(tries = 200)
    void setsAreCutAndJoined(
            @ForAll Set<@IntRange(max = 16_383) Integer> one, @ForAll Set<@IntRange(max = 16_383) Integer> other) {
        SlotSet a = SlotSet.of(one.stream().mapToInt(Integer::intValue));
        SlotSet b = SlotSet.of(other.stream().mapToInt(Integer::intValue));

        assertThat(a.minus(b).union(a.intersect(b))).isEqualTo(a);
        assertThat(a.minus(b).intersects(b)).isFalse();
        assertThat(a.union(b).containsAll(b)).isTrue();
        assertThat(a.intersects(b)).isEqualTo(!a.intersect(b).isEmpty());
    }

    @Test
    void rangesAreWrittenShort() {
        assertThat(SlotSet.range(0, 5460).union(SlotSet.of(7000))).hasToString("0-5460,7000");
        assertThat(SlotSet.ALL).hasToString("0-16383");
        assertThat(SlotSet.parse("")).isEqualTo(SlotSet.NONE).hasToString("");
    }

    @Test
    void whatIsNoSetOfSlotsIsNamed() {
        for (String text : new String[] {"x", "0-", "-1", "5-4", "16384", "1,1", "2,1", "1,,2", "1-2-3", " 1"}) {
            assertThatThrownBy(() -> SlotSet.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + text + "'");
        }
    }

    @Property(tries = 300)
    void everySlotIsInThePartitionThatItsNumberGives(@ForAll @IntRange(min = 1, max = 16_384) int count) {
        SlotPartitions partitions = new SlotPartitions(count);
        int partition = 0;
        for (int slot = 0; slot < HashSlot.COUNT; slot++) {
            assertThat(partitions.of(slot)).isBetween(partition, partition + 1);
            if (partitions.of(slot) != partition || slot == 0) {
                partition = partitions.of(slot);
                assertThat(partitions.slots(partition).contains(slot)).isTrue();
            }
        }
        assertThat(partition).isEqualTo(count - 1);
        assertThat(partitions.slots(0).size() + partitions.slots(count - 1).size())
                .isGreaterThanOrEqualTo(2);
    }
}
