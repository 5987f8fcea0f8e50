package io.millrace.sink.checkpoint;

import io.millrace.slot.SlotSet;

/**
 * How far one source shard has been planned, by which what a source sends again after its restart is recognised.
 *
 * @param generation of the last change
 * @param offset replication offset of the last change that was planned, -1 before the first
 * @param transaction id of a transaction that went out in part, -1 when there is none
 * @param issued how many of its changes went out
 * @param slots of which snapshots of the shard have come; null for all
 */
public record ShardMark(int generation, long offset, long transaction, int issued, SlotSet slots) {

    private static final String NO_SLOTS = "-";

    public ShardMark(int generation, long offset, long transaction, int issued) {
        this(generation, offset, transaction, issued, null);
    }

    /** @throws IllegalArgumentException when it is not what {@link #toString} gives */
    public static ShardMark parse(String text) {
        String[] numbers = text.split(" ", -1);
        if (numbers.length < 4) {
            throw new IllegalArgumentException("'" + text + "' is not the mark of a shard");
        }
        try {
            return new ShardMark(
                    Integer.parseInt(numbers[0]),
                    Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]),
                    Integer.parseInt(numbers[3]),
                    numbers.length == 4
                            ? null
                            : numbers[4].equals(NO_SLOTS) ? SlotSet.NONE : SlotSet.parse(numbers[4]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not the mark of a shard", e);
        }
    }

    @Override
    public String toString() {
        String text = generation + " " + offset + " " + transaction + " " + issued;
        return slots == null ? text : text + ' ' + (slots.isEmpty() ? NO_SLOTS : slots);
    }
}
