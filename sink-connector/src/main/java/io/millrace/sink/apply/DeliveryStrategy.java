package io.millrace.sink.apply;

import io.millrace.sink.plan.Unit;
import java.util.List;

/** What is promised about a window whose applying is interrupted. */
public interface DeliveryStrategy {

    /**
     * Applies one window.
     *
     * @param window without barriers, or one barrier alone
     */
    void apply(List<Unit> window, Applier applier) throws ApplyAbortedException;
}
