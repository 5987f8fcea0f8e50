package io.millrace.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.slot.SlotSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardMarkTest {

    @Test
    void whatIsWrittenIsRead() {
        for (SlotSet slots : new SlotSet[] {null, SlotSet.NONE, SlotSet.parse("0-5460,7000")}) {
            for (Set<Integer> databases : Set.of(Set.<Integer>of(), Set.of(0), Set.of(0, 3, 15))) {
                ShardMark mark = new ShardMark(2, 17, -1, 0, slots, databases);
                assertThat(ShardMark.parse(mark.toString())).isEqualTo(mark);
            }
        }
    }

    @Test
    void itIsReadableAndAShorterOneIsRead() {
        assertThat(new ShardMark(2, 17, 16, 3, SlotSet.range(0, 9), Set.of(3, 0)))
                .hasToString("2 17 16 3 0-9 0,3");
        assertThat(ShardMark.parse("2 17 16 3")).isEqualTo(new ShardMark(2, 17, 16, 3, null, Set.of()));
    }

    @Test
    void anythingElseIsRefused() {
        for (String text : new String[] {"", "1 2 3", "1 2 3 x", "1 2 3 4 9-1", "1 2 3 4 * x"}) {
            assertThatThrownBy(() -> ShardMark.parse(text)).hasMessageContaining("is not the mark of a shard");
        }
    }
}
