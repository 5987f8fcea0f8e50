package io.millrace.sink.apply;

/** Somebody asked to stop in the middle of a window; what it did not finish is applied again later. */
public final class ApplyAbortedException extends Exception {

    private static final long serialVersionUID = 1L;

    ApplyAbortedException() {
        super("applying was stopped", null, false, false);
    }
}
