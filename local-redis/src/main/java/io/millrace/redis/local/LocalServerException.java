package io.millrace.redis.local;

/** A local server could not be had, started or driven; the message names the server and quotes its log. */
public final class LocalServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalServerException(String message) {
        super(message);
    }

    LocalServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
