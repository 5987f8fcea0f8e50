package io.millrace.sink.plan;

/** A change is left out, as {@code unsupported.values} says. */
final class LeftOut extends Exception {

    private static final long serialVersionUID = 1L;

    private final String command;

    /** @param reason a sentence that says what cannot exist */
    LeftOut(String command, String reason) {
        super(reason, null, false, false);
        this.command = command;
    }

    String command() {
        return command;
    }
}
