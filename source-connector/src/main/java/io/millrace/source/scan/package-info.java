/** Copies a server without replication: SCAN, and each value by DUMP or by the reads of its type. */
package io.millrace.source.scan;
