package io.millrace.failure;

/** What is to be done about a failure. */
public enum Disposition {
    /** The same request can succeed later, after a reconnect, a redirect or a pause. */
    RETRY,
    /** No later attempt succeeds until somebody changes a setting, a right or a server. */
    FATAL,
    /** The server is well, this one request is refused: it belongs to a record. */
    RECORD
}
