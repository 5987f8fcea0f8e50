package io.millrace.sink.plan;

/** What a reply means beyond success and error. */
public enum ReplyRule {
    /** Success is success and an error is an error. */
    PLAIN,
    /** BUSYKEY means that the key was there and is kept ({@code conflict.policy=skip}). */
    SKIP_BUSY_KEY,
    /**
     * RENAMENX under {@code conflict.policy=skip}: 0 means that the key was there and is kept; "no such key" means that the
     * value was due and expired before it took its place.
     */
    SKIP_ZERO,
    /** The same under {@code conflict.policy=fail}, where 0 is an error. */
    REFUSE_ZERO,
    /**
     * XADD to a key that only this connector writes: an id that is not greater is one that is there already, from a delivery
     * before.
     */
    SKIP_OLD_ID
}
