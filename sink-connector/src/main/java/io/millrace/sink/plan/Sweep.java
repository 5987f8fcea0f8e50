package io.millrace.sink.plan;

/**
 * What a look through the destination has found after a new snapshot.
 *
 * @param kept keys that the snapshot brought
 * @param ghosts keys that were at the destination and not in the snapshot
 * @param removed whether they are gone now
 * @param example one of them, or null
 */
public record Sweep(String shard, int generation, long kept, long ghosts, boolean removed, byte[] example) {}
