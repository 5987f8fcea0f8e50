package io.millrace.sink.apply;

import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once for each kind of trouble that applying waits, and once that it goes on. Belongs to the thread that applies. */
public final class OutageReport {

    private static final Logger LOG = LoggerFactory.getLogger(OutageReport.class);

    private final Consumer<ApplyState> state;
    private Kind last;

    public OutageReport(Consumer<ApplyState> state) {
        this.state = state;
    }

    /** What the thread that applies does now. */
    public void state(ApplyState now) {
        state.accept(now);
    }

    public void failed(RedisFailure failure) {
        state.accept(
                failure.kind() == Kind.OOM
                        ? ApplyState.WAITING_FOR_MEMORY
                        : RetryWindows.isConnection(failure.kind()) ? ApplyState.RECONNECTING : ApplyState.RETRYING);
        if (failure.kind() != last && failure.kind() != Kind.MOVED && failure.kind() != Kind.ASK) {
            LOG.warn("Applying waits. {}", failure.sentence());
            last = failure.kind();
        }
    }

    /** There is a session again; that applying goes on is said once something is applied. */
    public void opened() {
        state.accept(ApplyState.RUNNING);
    }

    public void recovered() {
        if (last != null) {
            LOG.info("Applying goes on.");
            last = null;
        }
        state.accept(ApplyState.RUNNING);
    }
}
