package io.millrace.sink.apply;

/** A connection that was opened late has found that the session does not own its partitions any more. */
final class NotOwnerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient SessionEndedException end;

    NotOwnerException(SessionEndedException end) {
        super(null, null, false, false);
        this.end = end;
    }

    SessionEndedException end() {
        return end;
    }
}
