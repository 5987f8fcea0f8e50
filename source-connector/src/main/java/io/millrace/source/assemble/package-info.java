/**
 * From what a replica link reads to changes: commands and MULTI…EXEC blocks become units, RDB entries become snapshot
 * changes. Knows nothing of Kafka. Everything here is owned by the parser's thread.
 */
package io.millrace.source.assemble;
