package io.millrace.sink.apply;

import io.millrace.sink.plan.Unit;
import java.util.List;

/**
 * Nothing is lost. After a crash everything since the last committed offset is applied again, in order; so is a window whose
 * connection broke before its replies came. Commands that build on the old value (INCR, RPUSH) can then count twice.
 */
public final class AtLeastOnce implements DeliveryStrategy {

    @Override
    public void apply(List<Unit> window, Applier applier) throws ApplyAbortedException {
        applier.apply(window);
    }
}
