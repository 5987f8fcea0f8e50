package io.millrace.source.cluster;

/** The stream of a shard cannot be gone on with, in a way that nobody could be sure of: only a new copy is right. */
public final class MustCopyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason a sentence */
    public MustCopyException(String reason) {
        super(reason, null, false, false);
    }
}
