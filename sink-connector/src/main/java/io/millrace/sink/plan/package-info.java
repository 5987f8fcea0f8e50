/**
 * From changes to commands for the destination. Nothing here talks to a server or to Kafka.
 *
 * <p>{@link io.millrace.sink.plan.Planner} is the entry; what it gives are {@link io.millrace.sink.plan.Unit units}, in order.
 */
package io.millrace.sink.plan;
