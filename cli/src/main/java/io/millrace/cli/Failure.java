package io.millrace.cli;

/**
 * Ends a command with one sentence for the person at the terminal: what is wrong, by name, and what to do next. It
 * carries no stack trace, because none is ever shown; a cause goes to the log file.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitStatus status;

    /**
     * @param status how the command ends
     * @param sentence the whole message, free of secrets
     */
    public Failure(ExitStatus status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    /** A failure of the run itself ({@link ExitStatus#FAILED}). */
    public Failure(String sentence) {
        this(ExitStatus.FAILED, sentence);
    }

    public ExitStatus status() {
        return status;
    }
}
