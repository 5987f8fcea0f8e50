package io.millrace.change;

/**
 * Id of a stream entry: two unsigned 64-bit numbers.
 *
 * @param millis the part before the hyphen, unsigned
 * @param sequence the part after it, unsigned
 */
public record StreamId(long millis, long sequence) implements Comparable<StreamId> {

    public static final StreamId ZERO = new StreamId(0, 0);

    /**
     * Parses {@code millis-sequence}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static StreamId parse(String text) {
        int hyphen = text.indexOf('-');
        if (hyphen < 1) {
            throw new IllegalArgumentException("'" + text + "' is not a stream id such as 1526919030474-55");
        }
        try {
            return new StreamId(
                    Long.parseUnsignedLong(text, 0, hyphen, 10),
                    Long.parseUnsignedLong(text, hyphen + 1, text.length(), 10));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a stream id such as 1526919030474-55", e);
        }
    }

    @Override
    public int compareTo(StreamId other) {
        int byMillis = Long.compareUnsigned(millis, other.millis);
        return byMillis != 0 ? byMillis : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + '-' + Long.toUnsignedString(sequence);
    }
}
