package io.millrace.command;

/** A command whose arguments do not fit its key specification; a server would have refused it. Names no argument. */
public final class MalformedCommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedCommandException(String message) {
        super(message);
    }
}
