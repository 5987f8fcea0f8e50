package io.millrace.failure;

/** A classified failure on its way to whoever decides about retry, stop or error record. */
public final class RedisFailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient RedisFailure failure;

    /** @param where the server and request, for example {@code 10.0.0.5:6379 (INFO)}; never arguments */
    public RedisFailureException(String where, RedisFailure failure, Throwable cause) {
        super(where + ": " + failure.sentence(), cause);
        this.failure = failure;
    }

    public RedisFailure failure() {
        return failure;
    }

    public Kind kind() {
        return failure.kind();
    }
}
