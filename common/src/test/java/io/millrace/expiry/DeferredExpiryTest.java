package io.millrace.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DeferredExpiryTest {

    private static final long YEAR = 31_556_952_000L;

    @Property
    void theExactTimeComesBack(@ForAll @LongRange(min = 0, max = (1L << 41) - 1) long expireAt) {
        long deferred = DeferredExpiry.of(expireAt);
        assertThat(DeferredExpiry.isDeferred(deferred)).isTrue();
        assertThat(DeferredExpiry.exact(deferred)).isEqualTo(expireAt);
        assertThat(DeferredExpiry.of(deferred)).isEqualTo(deferred);
    }

    @Test
    void whatIsFarAheadStaysAsItIs() {
        for (long years : new long[] {70, 100, 139, 500, 1000, 2000, 5000}) {
            long expireAt = years * YEAR;
            assertThat(DeferredExpiry.of(expireAt)).isEqualTo(expireAt);
            assertThat(DeferredExpiry.exact(expireAt)).isEqualTo(expireAt);
        }
    }

    @Test
    void noExpiryIsNone() {
        assertThat(DeferredExpiry.isDeferred(-1)).isFalse();
        assertThat(DeferredExpiry.exact(-1)).isEqualTo(-1);
    }
}
