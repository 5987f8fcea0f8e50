/**
 * The whole path against the server's own replication: {@code millrace migrate} as a process, real servers, one table. See
 * {@code scripts/benchmark table}.
 */
package io.millrace.benchmarks.table;
