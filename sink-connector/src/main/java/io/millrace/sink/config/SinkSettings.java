package io.millrace.sink.config;

import io.millrace.endpoint.RedisEndpoint;
import io.millrace.sink.apply.ApplySettings;
import io.millrace.sink.plan.PlanSettings;

/**
 * All settings of a sink task, parsed.
 *
 * @param task number of the task, from 0
 */
public record SinkSettings(
        String connector,
        String task,
        RedisEndpoint endpoint,
        DeliverySemantics delivery,
        PlanSettings plan,
        ApplySettings apply,
        BatchSettings batch,
        ReplayUntil until) {}
