/**
 * Measured beside predicted: the whole path with several shards and at several distances, and what {@code millrace plan} says
 * of it. The command {@code scripts/benchmark scale}.
 */
package io.millrace.benchmarks.scale;
