package io.millrace.source.cluster;

/**
 * How far the capture of a shard is.
 *
 * @param generation that it reads; 0 where that is not known
 * @param offset that Kafka has acknowledged
 */
record Progress(int generation, long offset) {

    static final Progress NONE = new Progress(0, 0);
}
