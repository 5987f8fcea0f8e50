package io.millrace.cli.replay;

/**
 * A complete snapshot in one partition of the log.
 *
 * @param begin offset of the record that it begins in
 * @param end offset of the record that it ends in
 */
record Snapshot(String shard, int generation, long begin, long end) {}
