package io.millrace.sizing;

/**
 * The answer.
 *
 * @param copy the copy of what is there
 * @param stream what is written meanwhile and afterwards
 * @param tooSlow true when the copy takes longer than its window, or the writes are more than can be applied
 */
public record SizingPlan(Copy copy, Stream stream, Workers workers, Log log, Source source, boolean tooSlow) {

    /**
     * @param seconds from the start until the last key is at the destination
     * @param catchUpSeconds until what was written meanwhile is there, too; infinite when it never is
     * @param ghostSeconds for which the sink applies nothing at the end of every copy but the first, as it looks for keys that the
     *     copy did not bring
     * @param withLargerBatches the pace with {@code betterBatchCommands}
     */
    public record Copy(
            Pace pace,
            double seconds,
            double catchUpSeconds,
            double ghostSeconds,
            boolean fitsWindow,
            Pace withLargerBatches) {}

    /**
     * @param utilization the share of the pace that the writes need; above 1 the destination falls behind for ever
     * @param lagMillis from a write at the source until it can be read at the destination; infinite when it falls behind
     */
    public record Stream(Pace pace, double utilization, double lagMillis, Pace withLargerBatches) {
        public boolean keepsUp() {
            return utilization < 1;
        }
    }

    /**
     * @param cores that the window and the writes ask for, with a margin
     * @param heapBytes of all workers together
     * @param betterBatchCommands the sink connector's {@code batch.max.commands} with which a round trip is a fifth of a
     *     batch's time
     */
    public record Workers(
            double cores, double heapBytes, int sourceTasks, int sinkTasks, int partitions, int betterBatchCommands) {}

    /**
     * @param copyBytes what the copy takes on all replicas' disks
     * @param streamBytes what the writes of the retention take there
     * @param bytesPerSecond that the brokers write at most, all replicas
     */
    public record Log(double copyBytes, double streamBytes, double bytesPerSecond) {
        public double diskBytes() {
            return copyBytes + streamBytes;
        }
    }

    /**
     * For each shard.
     *
     * @param sendSeconds for which the source's child process and the replica's buffer exist during the copy
     * @param backlogBytes {@code repl-backlog-size} with which a blip is continued
     * @param bufferHardBytes first limit of {@code client-output-buffer-limit replica}
     * @param bufferSoftBytes second limit, for 120 seconds
     * @param forkBytes pages that are copied because they are written to while the child exists
     * @param bufferBytes writes that wait for the replica meanwhile
     * @param spoolBytes that an outage of Kafka needs on the worker's disk
     */
    public record Source(
            double sendSeconds,
            double backlogBytes,
            double bufferHardBytes,
            double bufferSoftBytes,
            double forkBytes,
            double bufferBytes,
            double spoolBytes) {}
}
