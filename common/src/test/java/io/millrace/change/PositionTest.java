package io.millrace.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PositionTest {

    @Property(tries = 200)
    void survivesTheRoundTrip(
            @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int generation,
            @ForAll @LongRange(min = 0) long offset,
            @ForAll @IntRange(max = 1 << 20) int db,
            @ForAll boolean inSnapshot) {
        Position position =
                new Position(generation, "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb", offset, db, inSnapshot);

        assertThat(Position.fromMap(position.toMap())).isEqualTo(position);
    }

    @Test
    void readsNumbersOfAnyWidth() {
        Map<String, Object> stored = new HashMap<>(new Position(2, "abc", 10, 1, false).toMap());
        stored.put("generation", 2);
        stored.put("db", 1);

        assertThat(Position.fromMap(stored)).isEqualTo(new Position(2, "abc", 10, 1, false));
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> Position.fromMap(Map.of("generation", 1L, "replicationId", "abc")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'offset'");
    }
}
