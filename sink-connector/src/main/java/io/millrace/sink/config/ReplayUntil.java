package io.millrace.sink.config;

import java.util.HashMap;
import java.util.Map;

/**
 * Where the sink ends, by partition. What stands there and later is not applied and not committed; it stays in the log for
 * when the option is taken away.
 *
 * @param offsets by {@code topic-partition}; the first offset that is not applied
 */
public record ReplayUntil(Map<String, Long> offsets) {

    public ReplayUntil {
        offsets = Map.copyOf(offsets);
    }

    /** Reads {@code topic-partition:offset,...}; an empty text sets no end. */
    public static ReplayUntil parse(String text) {
        Map<String, Long> offsets = new HashMap<>();
        for (String entry : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int colon = entry.lastIndexOf(':');
            int dash = entry.lastIndexOf('-', Math.max(colon, 0));
            if (dash <= 0 || !isNumber(entry.substring(dash + 1, colon).strip())) {
                throw wrong(entry);
            }
            String offset = entry.substring(colon + 1).strip();
            if (!isNumber(offset)) {
                throw wrong(entry);
            }
            offsets.put(entry.substring(0, colon).strip(), Long.parseLong(offset));
        }
        return new ReplayUntil(offsets);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static IllegalArgumentException wrong(String entry) {
        return new IllegalArgumentException("'" + entry + "' is not topic-partition:offset, such as orders-0:1234");
    }

    public boolean isSet() {
        return !offsets.isEmpty();
    }

    /** Whether a record is beyond the end. */
    public boolean excludes(String topic, int partition, long offset) {
        if (offsets.isEmpty()) {
            return false;
        }
        Long end = offsets.get(topic + '-' + partition);
        return end != null && offset >= end;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return String.join(
                ",",
                offsets.entrySet().stream()
                        .map(end -> end.getKey() + ':' + end.getValue())
                        .sorted()
                        .toList());
    }
}
