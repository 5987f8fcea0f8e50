package io.millrace.sink.checkpoint;

/**
 * Where a unit stands in its partition of the log: at its last change. Planning the same records gives the same positions, so
 * they tell what has been applied.
 *
 * @param offset Kafka offset of the record of the unit's last change
 * @param change index of that change in the record, from 0
 * @param ordinal of the unit among those that this change gave, from 0
 */
public record LogPosition(long offset, int change, int ordinal) implements Comparable<LogPosition> {

    /** Before everything. */
    public static final LogPosition NONE = new LogPosition(-1, 0, 0);

    @Override
    public int compareTo(LogPosition other) {
        int byOffset = Long.compare(offset, other.offset);
        if (byOffset != 0) {
            return byOffset;
        }
        return change != other.change ? Integer.compare(change, other.change) : Integer.compare(ordinal, other.ordinal);
    }

    public boolean isAfter(LogPosition other) {
        return compareTo(other) > 0;
    }

    /** @throws IllegalArgumentException when it is not what {@link #toString} gives */
    public static LogPosition parse(String text) {
        String[] numbers = text.split("\\.", -1);
        if (numbers.length != 3) {
            throw new IllegalArgumentException("'" + text + "' is not a position in a log");
        }
        try {
            return new LogPosition(
                    Long.parseLong(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a position in a log", e);
        }
    }

    /** For example {@code 1234.0.2}. */
    @Override
    public String toString() {
        return offset + "." + change + "." + ordinal;
    }
}
