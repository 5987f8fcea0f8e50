package io.millrace.source;

import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.source.config.SourceSettings;
import java.io.IOException;

/**
 * Where a shard is to be read from. The thread that reads the shard asks before each attempt to connect, so that a failover
 * is followed; what it finds serves the shard's other questions, too, until it is asked again.
 */
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

    /** Whether another server, which has the same history and has not failed, may be able to go on where this one is not. */
    default boolean hasAnother(Address address) {
        return false;
    }

    /** Whether a link to this address should stay. Asked now and then by another thread. */
    default boolean isStillRight(Address address) {
        return true;
    }

    /** Asks the sentinels where there are some. */
    static MasterFinder of(SourceSettings settings) {
        return settings.endpoint().topology() == Topology.SENTINEL
                ? new SentinelFinder(
                        new NodeConnector(settings.endpoint()),
                        settings.capture().readFrom())
                : fixed(settings.endpoint().firstAddress());
    }

    static MasterFinder fixed(Address address) {
        return () -> address;
    }
}
