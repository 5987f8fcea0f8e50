package io.millrace.sizing;

import java.time.Duration;

/**
 * What it must hold.
 *
 * @param window how long the copy may take; null for as long as it takes
 * @param retention how long Kafka keeps the log
 * @param replicas of the topic in Kafka
 * @param blip how long the connector may be away from the source and still go on without a new copy
 * @param outage how long Kafka may be away while the source is read on
 */
public record Aims(Duration window, Duration retention, int replicas, Duration blip, Duration outage) {
    public Aims {
        if (window != null) {
            Require.positive("the window", window.toMillis());
        }
        Require.notNegative("the retention", retention.toMillis());
        Require.positive("replicas in Kafka", replicas);
        Require.notNegative("the blip", blip.toMillis());
        Require.notNegative("the outage", outage.toMillis());
    }
}
