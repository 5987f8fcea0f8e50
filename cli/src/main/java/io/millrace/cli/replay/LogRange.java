package io.millrace.cli.replay;

/**
 * What one partition of the topic holds.
 *
 * @param first offset of its first record
 * @param end one more than the offset of its last record; {@code first} when it is empty
 */
record LogRange(long first, long end) {
    boolean isEmpty() {
        return first >= end;
    }

    boolean contains(long offset) {
        return offset >= first && offset <= end;
    }
}
