package io.millrace.client;

import io.millrace.endpoint.Address;
import io.millrace.failure.RedisFailureException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The newest known layout of a cluster, read again on demand from whichever known node answers. Not thread-safe: it belongs
 * to the thread that applies.
 */
public final class ClusterView {

    private final NodeConnector connector;
    private ClusterLayout layout;

    /** Reads the layout for the first time from the endpoint's seeds. */
    public ClusterView(NodeConnector connector) {
        this.connector = connector;
        refresh();
    }

    public ClusterLayout layout() {
        return layout;
    }

    /** Notes a MOVED reply, so that the next request for the slot goes to the right node before the next refresh. */
    public void moved(int slot, Address master) {
        layout = layout.withSlot(slot, master);
    }

    /**
     * Asks the known masters, then the seeds, until one answers, and keeps its layout.
     *
     * @throws RedisFailureException the last failure, when none answers; the layout stays as it was
     */
    public ClusterLayout refresh() {
        Set<Address> candidates = new LinkedHashSet<>();
        if (layout != null) {
            candidates.addAll(layout.masterList());
        }
        candidates.addAll(connector.endpoint().addresses());
        RedisFailureException last = null;
        for (Address candidate : candidates) {
            try (Node node = connector.open(candidate)) {
                layout = ClusterLayout.of(node);
                return layout;
            } catch (RedisFailureException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        throw last;
    }
}
