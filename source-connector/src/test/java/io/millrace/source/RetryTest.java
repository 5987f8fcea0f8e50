package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.source.config.RetrySettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryTest {

    private final Retry retry = new Retry(new RetrySettings(Duration.ofMinutes(1), Duration.ofSeconds(5)));

    @Test
    void waitsLongerEachTimeUpToTenSeconds() {
        long now = 1_000;
        long longest = 0;
        long previous = 0;
        for (int i = 0; i < 8; i++) {
            long wait = retry.next(true, now);
            assertThat(wait).isGreaterThanOrEqualTo(previous);
            previous = wait;
            longest = Math.max(longest, wait);
            now += wait;
        }
        assertThat(longest).isEqualTo(10_000);
    }

    @Test
    void givesUpAtTheEndOfTheWindowOfItsKind() {
        assertThat(retry.next(true, 0)).isEqualTo(100);
        assertThat(retry.next(false, 4_900)).as("no longer than what is left").isEqualTo(100);
        assertThat(retry.next(false, 5_000)).isEqualTo(-1);
        assertThat(retry.next(true, 5_000)).isPositive();
        assertThat(retry.next(true, 60_000)).isEqualTo(-1);
    }

    @Test
    void beginsAnewOnceTheStreamRan() {
        assertThat(retry.next(true, 0)).isEqualTo(100);
        assertThat(retry.next(true, 100)).isEqualTo(200);
        retry.succeeded();
        assertThat(retry.next(true, 90_000)).isEqualTo(100);
    }
}
