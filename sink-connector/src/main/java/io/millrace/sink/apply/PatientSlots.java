package io.millrace.sink.apply;

import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.Kind;
import io.millrace.failure.Redirect;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;

/** Calls of at-least-once delivery, which rides through everything that can pass; see {@link Applier}. */
final class PatientSlots extends SlotCalls {

    private final Nodes nodes;
    private final SessionParts parts;

    PatientSlots(Nodes nodes, SessionParts parts) {
        super(parts.abort());
        this.nodes = nodes;
        this.parts = parts;
    }

    @Override
    Address master(int slot) {
        return nodes.master(slot);
    }

    @Override
    Pipeline pipeline(Address address) {
        return nodes.pipeline(address, 0);
    }

    @Override
    void lost(Address address, RedisFailure why) throws ApplyAbortedException {
        nodes.disconnect(address);
        rejected(why, null);
    }

    @Override
    void rejected(RedisFailure why, Redirect moved) throws ApplyAbortedException {
        if (why.kind().disposition() != Disposition.RETRY) {
            throw new SinkFailure("The destination cannot be used. " + why.sentence());
        }
        parts.report().failed(why);
        if (RetryWindows.isConnection(why.kind()) || why.kind() == Kind.MOVED) {
            try {
                nodes.refresh();
            } catch (RedisFailureException e) {
                parts.report().failed(e.failure());
            }
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
