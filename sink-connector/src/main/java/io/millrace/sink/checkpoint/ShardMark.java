package io.millrace.sink.checkpoint;

/**
 * How far one source shard has been planned, by which what a source sends again after its restart is recognised.
 *
 * @param generation of the last change
 * @param offset replication offset of the last change that was planned, -1 before the first
 * @param transaction id of a transaction that went out in part, -1 when there is none
 * @param issued how many of its changes went out
 */
public record ShardMark(int generation, long offset, long transaction, int issued) {

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
                    Integer.parseInt(numbers[3]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not the mark of a shard", e);
        }
    }

    @Override
    public String toString() {
        return generation + " " + offset + " " + transaction + " " + issued;
    }
}
