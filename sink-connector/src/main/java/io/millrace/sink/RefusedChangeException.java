package io.millrace.sink;

import org.apache.kafka.connect.errors.ConnectException;

/** Why a change was reported instead of applied; for the error reporter, to which a stack trace says nothing. */
final class RefusedChangeException extends ConnectException {

    private static final long serialVersionUID = 1L;

    RefusedChangeException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
