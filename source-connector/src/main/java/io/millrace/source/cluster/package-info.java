/** A cluster as a source: which shards it has, whose the slots are, and how a slot's changes pass from one shard to another. */
package io.millrace.source.cluster;
