package io.millrace.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakTest {
    @Test
    void theFirstThirdIsWarmUp() {
        assertThat(Soak.isFlat(minutes(9, i -> i < 3 ? 200 + 100 * i : 600))).isTrue();
    }

    @Test
    void steadyGrowthIsFound() {
        assertThat(Soak.isFlat(minutes(30, i -> 400 + 20 * i))).isFalse();
    }

    private static List<Soak.Minute> minutes(int count, IntUnaryOperator megabytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Soak.Minute(5, megabytes.applyAsInt(i)))
                .toList();
    }
}
