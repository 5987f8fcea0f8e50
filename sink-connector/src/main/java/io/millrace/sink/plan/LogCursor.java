package io.millrace.sink.plan;

import io.millrace.sink.checkpoint.LogPosition;

/** Gives the units of the change that is being planned their positions. */
final class LogCursor {

    private long offset;
    private int change;
    private int ordinal;

    /** @param index of the change in the record with this offset */
    void at(long recordOffset, int index) {
        offset = recordOffset;
        change = index;
        ordinal = 0;
    }

    LogPosition next() {
        return new LogPosition(offset, change, ordinal++);
    }
}
