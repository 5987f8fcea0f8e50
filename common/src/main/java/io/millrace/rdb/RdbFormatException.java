package io.millrace.rdb;

import java.io.IOException;

/** An RDB that cannot be read on: the message names the byte position, and the key where there is one. */
public final class RdbFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final long position;

    public RdbFormatException(String reason, long position) {
        this(reason, position, null);
    }

    public RdbFormatException(String reason, long position, Throwable cause) {
        super("The RDB cannot be read at byte " + position + ": " + reason, cause);
        this.reason = reason;
        this.position = position;
    }

    /** The number of the byte, from 0, counted from the start of the RDB, or of the payload. */
    public long position() {
        return position;
    }

    String reason() {
        return reason;
    }
}
