package io.millrace.source;

import java.io.IOException;

/** A shard has given all its slots away and is in its cluster no more: there is nothing left to read. */
final class RemovedShardException extends IOException {

    private static final long serialVersionUID = 1L;

    RemovedShardException(String shard) {
        super("Shard " + shard + " has given its slots to others and is no longer in the cluster.");
    }
}
