package io.millrace.sink.apply;

import io.millrace.client.NodeConnector;
import java.util.function.LongSupplier;

/**
 * What every session of a sink is made of.
 *
 * @param connector name of the connector, for the names of checkpoints
 * @param retries how long nothing was applied, over all sessions
 * @param abort asks to leave a window
 * @param millis a clock that never goes back
 */
public record SessionParts(
        NodeConnector nodes,
        String connector,
        ApplySettings settings,
        RefusedCommands refused,
        RetryWindows retries,
        AbortSignal abort,
        OutageReport report,
        LongSupplier millis) {}
