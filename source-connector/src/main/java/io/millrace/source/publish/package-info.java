/**
 * From changes to Connect's records: the bounded queue between the link's thread and the task's, the grouping of changes
 * into records, and the account of what Kafka has acknowledged.
 */
package io.millrace.source.publish;
