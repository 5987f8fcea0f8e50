package io.millrace.endpoint;

/** An address, a URI or a TLS file that cannot be used; the message is one sentence for the operator, without secrets. */
public final class InvalidEndpointException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public InvalidEndpointException(String message) {
        super(message);
    }

    public InvalidEndpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
