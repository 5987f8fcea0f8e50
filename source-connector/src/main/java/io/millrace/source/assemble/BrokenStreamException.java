package io.millrace.source.assemble;

import java.io.IOException;

/** The command stream says what no master says, such as EXEC without MULTI. Reading on, or again, cannot help. */
public final class BrokenStreamException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    BrokenStreamException(String what, long offset) {
        super("The command stream cannot be understood at replication offset " + offset + ": " + what
                + ". Delete the connector's offsets to begin with a full copy.");
        this.offset = offset;
    }

    /** Replication offset of the first byte of the command at fault. */
    public long offset() {
        return offset;
    }
}
