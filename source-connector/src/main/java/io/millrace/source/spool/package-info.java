/**
 * Where the bytes of a source wait for Kafka: in memory first, then in files. Knows nothing of what the bytes mean.
 */
package io.millrace.source.spool;
