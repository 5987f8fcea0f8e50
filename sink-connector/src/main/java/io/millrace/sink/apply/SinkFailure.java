package io.millrace.sink.apply;

/** The task cannot go on. The message is for the operator: what happened, where, and the next step. */
public class SinkFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SinkFailure(String message) {
        super(message);
    }

    public SinkFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
