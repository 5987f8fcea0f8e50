package io.millrace.endpoint;

/**
 * A login that cannot be had. The message is a clause without a full stop, without secrets; there is no cause, as the text of
 * a parser's exception may repeat what it has read.
 */
public final class CredentialsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private CredentialsException(String reason, boolean retryable) {
        super(reason);
        this.retryable = retryable;
    }

    /** The next attempt may find a login: a file is being replaced, a service does not answer. */
    public static CredentialsException retryable(String reason) {
        return new CredentialsException(reason, true);
    }

    /** No attempt finds a login until somebody changes the configuration. */
    public static CredentialsException lasting(String reason) {
        return new CredentialsException(reason, false);
    }

    public boolean isRetryable() {
        return retryable;
    }
}
