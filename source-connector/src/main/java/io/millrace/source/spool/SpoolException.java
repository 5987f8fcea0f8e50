package io.millrace.source.spool;

import java.io.IOException;

/** What a file of the spool held cannot be read. The source still has it, or can copy itself anew. */
public final class SpoolException extends IOException {

    private static final long serialVersionUID = 1L;

    SpoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
