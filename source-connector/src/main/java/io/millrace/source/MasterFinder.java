package io.millrace.source;

import io.millrace.endpoint.Address;
import java.io.IOException;

/**
 * Where a shard is to be read from. The thread that reads the shard asks before each attempt to connect, so that a failover
 * is followed; what it finds serves the shard's other questions, too, until it is asked again.
 */
@FunctionalInterface
interface MasterFinder {

    /**
     * The address to connect to now. Blocking, bounded by the endpoint's timeouts.
     *
     * @throws IOException when nobody can say; a {@link io.millrace.source.link.LinkException} says itself whether it is
     *     tried again, and how long
     */
    Address find() throws IOException;

    /** The attempt at this address has failed, or its connection has ended. For finders that have a choice. */
    default void failed(Address address) {}

    static MasterFinder fixed(Address address) {
        return () -> address;
    }
}
