package io.millrace.endpoint;

import java.nio.file.Path;
import java.util.Optional;

/** An address, a URI or a TLS file that cannot be used; the message is one sentence for the operator, without secrets. */
public final class InvalidEndpointException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    public InvalidEndpointException(String message) {
        this(message, null, null);
    }

    public InvalidEndpointException(String message, Throwable cause) {
        this(message, null, cause);
    }

    InvalidEndpointException(String message, Path file, Throwable cause) {
        super(message, cause);
        this.file = file;
    }

    /** The file that cannot be used, when it is one. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
