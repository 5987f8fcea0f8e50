package io.millrace.cli.plan;

/**
 * A figure that a plan starts from.
 *
 * @param origin the option that gave it, what the source said, or why it was assumed
 */
record Given(String name, double value, String unit, String origin) {}
