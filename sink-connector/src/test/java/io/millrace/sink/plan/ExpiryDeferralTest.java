package io.millrace.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.expiry.DeferredExpiry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpiryDeferralTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000;

    private final ExpiryDeferral exact = new ExpiryDeferral(ExpiryPolicy.EXACT, () -> NOW);

    @Test
    void whatIsAppliedInTimeKeepsItsTime() {
        exact.next(captured(NOW - 50));
        assertThat(exact.of(NOW + 1)).isEqualTo(NOW + 1);
        assertThat(exact.of(Expiry.NONE)).isEqualTo(Expiry.NONE);
        assertThat(exact.deferred()).isZero();
    }

    @Test
    void whatIsPastIsPutOff() {
        exact.next(captured(NOW - 50));
        assertThat(exact.of(NOW)).isEqualTo(DeferredExpiry.of(NOW));
        assertThat(exact.deferred()).isEqualTo(1);
    }

    @Test
    void whatIsAppliedLateIsPutOffUnlessItIsFarAhead() {
        exact.next(captured(NOW - 10_000));
        assertThat(exact.of(NOW + HOUR - 1)).isEqualTo(DeferredExpiry.of(NOW + HOUR - 1));
        assertThat(exact.of(NOW + HOUR)).isEqualTo(NOW + HOUR);

        exact.next(captured(NOW - 24 * HOUR));
        assertThat(exact.of(NOW + 90 * HOUR)).isEqualTo(DeferredExpiry.of(NOW + 90 * HOUR));
        assertThat(exact.of(NOW + 100 * HOUR)).isEqualTo(NOW + 100 * HOUR);
    }

    @Test
    void nothingIsLiveBeforeTheFirstChangeAndAfterALateOne() {
        assertThat(exact.isLive()).isFalse();
        exact.next(captured(NOW - 1000));
        assertThat(exact.isLive()).isTrue();
        exact.next(captured(NOW - HOUR));
        assertThat(exact.isLive()).isFalse();
    }

    @Test
    void whatIsNearIsNotSettledYet() {
        assertThat(exact.mayBeSettled(NOW + 10_000)).isFalse();
        assertThat(exact.mayBeSettled(NOW - 10_000)).isFalse();
        assertThat(exact.mayBeSettled(NOW + HOUR)).isTrue();
        assertThat(exact.mayBeSettled(NOW - HOUR)).isTrue();
        assertThat(new ExpiryDeferral(ExpiryPolicy.SOURCE, () -> NOW).mayBeSettled(NOW + HOUR))
                .isFalse();
    }

    private static Change captured(long at) {
        return new Mark(
                new Origin("0", 1, "id", at, Origin.UNKNOWN, Origin.UNKNOWN, Map.of()),
                0,
                1,
                Mark.Meaning.HEARTBEAT,
                Map.of());
    }
}
