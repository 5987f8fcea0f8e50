/**
 * From what a replica link reads to changes: commands and MULTI…EXEC blocks become units, RDB entries become snapshot
 * changes. Knows nothing of Kafka. Everything here is owned by the thread that reads the link.
 */
package io.millrace.source.assemble;
