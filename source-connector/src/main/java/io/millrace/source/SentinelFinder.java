package io.millrace.source;

import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.failure.RedisFailureException;
import io.millrace.source.config.ReadFrom;
import io.millrace.source.link.LinkException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks sentinels. Where replicas may be read from it goes through them in turn: one that has failed is tried again only
 * after all others. Thread-safe.
 */
final class SentinelFinder implements MasterFinder {

    private final NodeConnector nodes;
    private final ReadFrom from;
    private final Set<Address> failed = new HashSet<>();

    /** @param nodes of an endpoint behind sentinels */
    SentinelFinder(NodeConnector nodes, ReadFrom from) {
        this.nodes = nodes;
        this.from = from;
    }

    @Override
    public Address find() throws LinkException {
        List<Address> candidates;
        try {
            candidates = candidates();
        } catch (RedisFailureException e) {
            throw failure(e);
        }
        if (candidates.isEmpty()) {
            throw new LinkException.NotReady("The sentinels know no replica of "
                    + nodes.endpoint().sentinel().master()
                    + " that is up and connected to its master: start one, or set read.from=prefer-replica.");
        }
        synchronized (failed) {
            if (failed.containsAll(candidates)) {
                failed.clear();
            }
            return candidates.stream()
                    .filter(candidate -> !failed.contains(candidate))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public void failed(Address address) {
        synchronized (failed) {
            failed.add(address);
        }
    }

    @Override
    public boolean hasAnother(Address address) {
        if (from == ReadFrom.MASTER) {
            return false;
        }
        try {
            List<Address> candidates = candidates();
            synchronized (failed) {
                return candidates.stream().anyMatch(other -> !other.equals(address) && !failed.contains(other));
            }
        } catch (RedisFailureException e) {
            return false; // nobody to try instead
        }
    }

    @Override
    public boolean isStillRight(Address address) {
        try {
            if (from == ReadFrom.MASTER) {
                return nodes.server().equals(address);
            }
            List<Address> replicas = nodes.replicas();
            return replicas.isEmpty() || replicas.contains(address);
        } catch (RedisFailureException e) {
            return true; // a link that works is worth more than sentinels that do not
        }
    }

    /** Best first; the master is looked for only where it may be used. */
    private List<Address> candidates() {
        if (from == ReadFrom.MASTER) {
            return List.of(nodes.server());
        }
        List<Address> candidates = new ArrayList<>(nodes.replicas());
        if (from == ReadFrom.PREFER_REPLICA) {
            try {
                candidates.add(nodes.server());
            } catch (RedisFailureException e) {
                if (candidates.isEmpty()) {
                    throw e;
                }
            }
        }
        return candidates;
    }

    private static LinkException failure(RedisFailureException e) {
        return switch (e.kind()) {
            case AUTHENTICATION -> new LinkException.AuthenticationFailed(e.getMessage());
            case PERMISSION -> new LinkException.PermissionDenied(e.getMessage());
            case TLS -> new LinkException.TlsRefused(e.getMessage(), e);
            case CREDENTIALS, CREDENTIALS_PENDING ->
                new LinkException.NoCredentials(e.getMessage(), e.failure().isRetryable());
            default ->
                e.failure().isRetryable()
                        ? new LinkException.Unreachable(e.getMessage(), e)
                        : new LinkException.Unsupported(e.getMessage());
        };
    }
}
