/**
 * A replica's connection to a master: handshake, PSYNC, the framing of the snapshot, the command stream with its offsets,
 * and acknowledgements. {@link io.millrace.source.link.ReplicaLink} is the way in; the content of the snapshot is read by
 * {@code io.millrace.rdb}. Nothing here knows Kafka.
 */
package io.millrace.source.link;
