package io.millrace.sink.apply;

import io.millrace.sink.plan.CommandName;

/**
 * A command of the sink's own that goes with the data of a step, in the same transaction: how far the step brings the
 * destination.
 */
record Note(CommandName name, byte[][] args) {}
