package io.millrace.sink.apply;

import io.millrace.failure.RedisFailure;

/** It is no longer known what the destination has; a new session reads its checkpoints. */
public final class SessionEndedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient RedisFailure failure;

    /** @param failure what ended it */
    public SessionEndedException(RedisFailure failure) {
        super(failure.sentence(), null, false, false);
        this.failure = failure;
    }

    public RedisFailure failure() {
        return failure;
    }
}
