package io.millrace.rdb;

/** Ends the walk over a value that exceeds the payload limit; control flow, so without a stack trace. */
final class ValueTooLarge extends RuntimeException {

    private static final long serialVersionUID = 1L;
    static final ValueTooLarge INSTANCE = new ValueTooLarge();

    private ValueTooLarge() {
        super(null, null, false, false);
    }
}
