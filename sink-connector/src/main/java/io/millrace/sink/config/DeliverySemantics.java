package io.millrace.sink.config;

import java.util.Locale;

/** What is promised about changes whose applying is interrupted. */
public enum DeliverySemantics {
    /** Each is applied once: the destination's own checkpoint, written together with the data, says where to go on. */
    EFFECTIVELY_ONCE,
    /** Each is applied, some twice: the consumer group's offset says where to go on. */
    AT_LEAST_ONCE;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** As it stands in the configuration. */
    public String text() {
        return text;
    }

    static DeliverySemantics parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
