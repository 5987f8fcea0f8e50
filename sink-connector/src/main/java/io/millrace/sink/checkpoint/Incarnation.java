package io.millrace.sink.checkpoint;

import java.util.UUID;

/**
 * Who owns a partition's checkpoint: one session of one sink. A later owner has a greater epoch.
 *
 * @param epoch counts the owners of the checkpoint, from 1
 * @param id tells owners apart that have one epoch because a failover lost what was between; not secret
 */
public record Incarnation(long epoch, String id) {

    public static Incarnation after(Incarnation previous) {
        return new Incarnation(
                previous == null ? 1 : previous.epoch + 1, UUID.randomUUID().toString());
    }

    /** @throws IllegalArgumentException when it is not what {@link #toString} gives */
    public static Incarnation parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("'" + text + "' is not an owner");
        }
        try {
            return new Incarnation(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not an owner", e);
        }
    }

    /** For example {@code 3:1b4e28ba-2fa1-11d2-883f-0016d3cca427}. */
    @Override
    public String toString() {
        return epoch + ":" + id;
    }
}
