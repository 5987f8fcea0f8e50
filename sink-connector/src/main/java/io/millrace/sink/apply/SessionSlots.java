package io.millrace.sink.apply;

import io.millrace.endpoint.Address;
import io.millrace.failure.Kind;
import io.millrace.failure.Redirect;
import io.millrace.failure.RedisFailure;
import java.util.Set;

/** Calls of a session on a cluster, which ends with the first doubt; see {@link OnceRuns}. */
final class SessionSlots extends SlotCalls {

    private final ClusterNodes nodes;
    private final SessionParts parts;
    private final Set<Address> strangers;

    /** @param strangers takes the masters that the session has no connection to, for the next session */
    SessionSlots(ClusterNodes nodes, SessionParts parts, Set<Address> strangers) {
        super(parts.abort());
        this.nodes = nodes;
        this.parts = parts;
        this.strangers = strangers;
    }

    @Override
    Address master(int slot) {
        return nodes.layout().master(slot);
    }

    @Override
    Pipeline pipeline(Address address) throws SessionEndedException {
        Pipeline pipeline = nodes.pipeline(address);
        if (pipeline == null) {
            strangers.add(address);
            throw ClusterNodes.unknown(address);
        }
        return pipeline;
    }

    @Override
    void lost(Address address, RedisFailure why) throws SessionEndedException {
        throw new SessionEndedException(why);
    }

    @Override
    void rejected(RedisFailure why, Redirect moved) throws ApplyAbortedException, SessionEndedException {
        OnceRuns.check(why);
        parts.report().failed(why);
        if (why.kind() != Kind.OOM) {
            nodes.verify();
        }
        if (why.kind() == Kind.MOVED || why.kind() == Kind.CLUSTERDOWN) {
            nodes.refresh();
        }
        if (moved != null) {
            nodes.moved(moved.slot(), moved.target());
        }
        parts.abort().pause(parts.retries().failed(why, parts.millis().getAsLong()));
    }

    @Override
    void succeeded() {
        parts.retries().progress();
        parts.report().recovered();
    }
}
