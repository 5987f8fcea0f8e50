package io.millrace.sink.plan;

/** A change that has no form for this destination; the message is for the operator. */
final class PlanRejection extends Exception {

    private static final long serialVersionUID = 1L;

    private final String command;

    PlanRejection(String command, String message) {
        super(message, null, false, false);
        this.command = command;
    }

    String command() {
        return command;
    }
}
