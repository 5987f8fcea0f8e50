/**
 * The source connector. {@link io.millrace.source.RedisSourceTask} is a thin shell around
 * {@link io.millrace.source.RunningSource}: one thread reads the replica link, assembles changes and fills a bounded queue;
 * Connect's thread takes them from there as records.
 */
package io.millrace.source;
