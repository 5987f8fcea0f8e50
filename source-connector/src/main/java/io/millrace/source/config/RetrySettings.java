package io.millrace.source.config;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** For how long a task tries again by itself, counted from the first failure since the stream last ran. */
public record RetrySettings(Duration connection, Duration other) {

    public static final String CONNECTION_MS = "retry.connection.ms";
    public static final String OTHER_MS = "retry.other.ms";

    private static final String GROUP = "Retry";

    static void addTo(ConfigDef def) {
        def.define(
                CONNECTION_MS,
                Type.LONG,
                Duration.ofHours(12).toMillis(),
                ConfigDef.Range.between(0, Duration.ofDays(365).toMillis()),
                Importance.MEDIUM,
                "For how long the task tries to reach a source that cannot be reached, in milliseconds, before it fails. A"
                        + " refused login is never tried again.",
                GROUP,
                1,
                Width.SHORT,
                "Retry of connections");
        def.define(
                OTHER_MS,
                Type.LONG,
                Duration.ofMinutes(10).toMillis(),
                ConfigDef.Range.between(0, Duration.ofDays(365).toMillis()),
                Importance.MEDIUM,
                "For how long the task tries again after any other failure that may pass, such as a damaged snapshot, in"
                        + " milliseconds.",
                GROUP,
                2,
                Width.SHORT,
                "Retry of all else");
    }

    static RetrySettings of(AbstractConfig config) {
        return new RetrySettings(
                Duration.ofMillis(config.getLong(CONNECTION_MS)), Duration.ofMillis(config.getLong(OTHER_MS)));
    }
}
