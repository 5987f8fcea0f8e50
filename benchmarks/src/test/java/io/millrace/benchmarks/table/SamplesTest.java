package io.millrace.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
        assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
        assertThat(Samples.of(9, 1, 5, 7).median()).isEqualTo(6);
        assertThat(Samples.of(3).median()).isEqualTo(3);
    }

    @Test
    void aPercentileIsOneOfTheReadings() {
        Samples hundred =
                Samples.of(DoubleStream.iterate(1, d -> d + 1).limit(100).toArray());
        assertThat(hundred.percentile(50)).isEqualTo(50);
        assertThat(hundred.percentile(99)).isEqualTo(99);
        assertThat(hundred.percentile(100)).isEqualTo(100);
        assertThat(Samples.of(4, 2).percentile(99)).isEqualTo(4);
        assertThatThrownBy(() -> hundred.percentile(0)).hasMessageContaining("above 0");
    }

    @Test
    void theSpreadIsAShareOfTheMedian() {
        assertThat(Samples.of(90, 100, 120).spread()).isEqualTo(0.3);
        assertThat(Samples.of(7).spread()).isZero();
        assertThat(Samples.of(0, 0).spread()).isZero();
    }

    @Test
    void readingsAreTheirOwn() {
        double[] given = {2, 1};
        Samples samples = Samples.of(given);
        given[0] = 100;
        assertThat(samples.max()).isEqualTo(2);
    }
}
