package io.millrace.sizing;

/**
 * What there is to move, all shards together.
 *
 * @param keys of the source; 0 and more
 * @param valueBytes bytes of an average value, its key included, without what Redis itself needs for a key
 * @param writesPerSecond write commands a second, as the replication stream has them
 * @param commandBytes bytes of an average write command in the replication stream
 */
public record Workload(long keys, double valueBytes, double writesPerSecond, double commandBytes, Grouping grouping) {
    public Workload {
        Require.notNegative("keys", keys);
        Require.notNegative("bytes a value", valueBytes);
        Require.notNegative("writes a second", writesPerSecond);
        Require.notNegative("bytes a command", commandBytes);
    }
}
