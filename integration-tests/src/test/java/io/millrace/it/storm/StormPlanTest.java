package io.millrace.it.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.storm.StormPlan.Strike;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StormPlanTest {

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(StormPlan.of(42, 20)).isEqualTo(StormPlan.of(42, 20)).isNotEqualTo(StormPlan.of(43, 20));
    }

    @Test
    void holdsEveryKindOfFaultInFiftyStorms() {
        Set<FaultKind> drawn = LongStream.range(0, 50)
                .mapToObj(seed -> StormPlan.of(seed, 20))
                .flatMap(plan -> plan.strikes().stream())
                .map(Strike::kind)
                .collect(Collectors.toSet());
        assertThat(drawn).isEqualTo(EnumSet.allOf(FaultKind.class));
    }

    @Test
    void drawsOnlyTheKindsThatAreWanted() {
        Set<FaultKind> wanted = EnumSet.of(FaultKind.BROKER_KILLED, FaultKind.SOURCE_KILLED);
        assertThat(StormPlan.of(1, 30, wanted).strikes())
                .hasSize(30)
                .allMatch(strike -> wanted.contains(strike.kind()));
    }
}
