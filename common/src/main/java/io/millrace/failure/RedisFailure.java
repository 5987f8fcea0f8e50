package io.millrace.failure;

/**
 * One failure of a request to Redis, classified. Which of the three it is decides what the caller does; {@link #kind} says
 * more where the handling differs.
 */
public sealed interface RedisFailure {

    Kind kind();

    /** The server's reply or the exception's message, without secrets; may be empty. */
    String detail();

    record Retryable(Kind kind, String detail) implements RedisFailure {}

    record Fatal(Kind kind, String detail) implements RedisFailure {}

    record OfRecord(Kind kind, String detail) implements RedisFailure {}

    static RedisFailure of(Kind kind, String detail) {
        return switch (kind.disposition()) {
            case RETRY -> new Retryable(kind, detail);
            case FATAL -> new Fatal(kind, detail);
            case RECORD -> new OfRecord(kind, detail);
        };
    }

    default boolean isRetryable() {
        return this instanceof Retryable;
    }

    /** What happened, with the reply in parentheses, and the next step: two sentences for the operator. */
    default String sentence() {
        String what =
                Character.toUpperCase(kind().what().charAt(0)) + kind().what().substring(1);
        return what + (detail().isEmpty() ? "" : " (" + detail() + ")") + ". " + kind().nextStep();
    }
}
