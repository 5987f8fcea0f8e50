package io.millrace.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.sink.checkpoint.ShardMark;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotClaimsTest {

    private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);
    private static final int SLOT = HashSlot.of(KEY);

    private final SlotClaims claims = new SlotClaims();

    private static Origin shard(String name) {
        return new Origin(name, 1, "0".repeat(40), 1, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());
    }

    private static Change set(String shard) {
        return new CommandChange(
                shard(shard),
                0,
                100,
                new Command("SET", new byte[][] {KEY, KEY}, new int[] {0}),
                Expiry.NONE,
                null,
                null);
    }

    private static Mark claim(String shard, Mark.Meaning meaning, SlotSet slots, int epoch) {
        return new Mark(shard(shard), 0, 99, meaning, Map.of("epoch", Integer.toString(epoch)), slots);
    }

    @Test
    void withoutClaimsEverythingCounts() {
        claims.take(new Mark(shard("0"), 0, 1, Mark.Meaning.SNAPSHOT_BEGIN, Map.of()));
        assertThat(claims.counts(set("0"))).isTrue();
        assertThat(claims.counts(set("1"))).isTrue();
    }

    @Test
    void theLastToClaimASlotOwnsItUnlessItsEpochIsLower() {
        claims.take(claim("a", Mark.Meaning.SNAPSHOT_BEGIN, SlotSet.ALL, 1));
        claims.take(claim("b", Mark.Meaning.TOPOLOGY, SlotSet.of(SLOT), 4));
        assertThat(claims.counts(set("a"))).isFalse();
        assertThat(claims.counts(set("b"))).isTrue();
        claims.take(claim("a", Mark.Meaning.TOPOLOGY, SlotSet.of(SLOT), 3));
        assertThat(claims.counts(set("a"))).as("a claim that comes late").isFalse();
        claims.take(claim("a", Mark.Meaning.SNAPSHOT_BEGIN, SlotSet.ALL, 5));
        assertThat(claims.counts(set("a"))).isTrue();
        assertThat(claims.counts(set("b"))).isFalse();
    }

    @Test
    void aFlushConcernsWhatItsShardOwns() {
        claims.take(claim("a", Mark.Meaning.SNAPSHOT_BEGIN, SlotSet.range(0, 99), 1));
        claims.take(claim("b", Mark.Meaning.TOPOLOGY, SlotSet.range(50, 60), 2));
        CommandChange flush = new CommandChange(
                        shard("a"), 0, 100, new Command("FLUSHALL", new byte[0][], new int[0]), Expiry.NONE, null, null)
                .within(SlotSet.range(0, 99));

        assertThat(claims.counts(flush)).isTrue();
        assertThat(claims.within(flush).slots()).hasToString("0-49,61-99");
    }

    @Test
    void claimsAreKeptInCheckpoints() {
        claims.take(claim("a", Mark.Meaning.SNAPSHOT_BEGIN, SlotSet.range(0, 99), 1));
        claims.take(claim("a", Mark.Meaning.TOPOLOGY, SlotSet.of(SLOT), 4));
        ShardMark mark = new ShardMark(1, 99, -1, 0, null, Set.of(), claims.of("a"));

        SlotClaims again = new SlotClaims();
        again.restore("a", ShardMark.parse(mark.toString()).claims());
        assertThat(again.of("a")).isEqualTo(claims.of("a")).hasSize(2);
        assertThat(again.counts(set("b"))).isFalse();
        assertThat(ShardMark.parse(mark.toString())).isEqualTo(mark);
    }
}
