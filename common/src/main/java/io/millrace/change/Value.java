package io.millrace.change;

import java.util.List;

/** A Redis value in typed form, or one part of a value too large for one record. */
public sealed interface Value {

    /** The name of the type as {@code TYPE} says it. */
    String type();

    /** A string, a range of a string, or the code of a function library. */
    record StringValue(byte[] bytes) implements Value {
        @Override
        public String type() {
            return "string";
        }
    }

    /** Elements of a list, head first. */
    record ListValue(List<byte[]> elements) implements Value {
        @Override
        public String type() {
            return "list";
        }
    }

    /** Members of a set, in no order. */
    record SetValue(List<byte[]> members) implements Value {
        @Override
        public String type() {
            return "set";
        }
    }

    /** Fields of a hash, in no order. */
    record HashValue(List<HashField> fields) implements Value {
        @Override
        public String type() {
            return "hash";
        }
    }

    /** Members of a sorted set. */
    record ZsetValue(List<ScoredMember> members) implements Value {
        @Override
        public String type() {
            return "zset";
        }
    }

    /**
     * A stream.
     *
     * @param state null in every part but the last
     */
    record StreamValue(List<StreamEntry> entries, StreamState state) implements Value {
        @Override
        public String type() {
            return "stream";
        }
    }

    /**
     * One field of a hash.
     *
     * @param expireAt in milliseconds since the epoch, or {@link Expiry#NONE}
     */
    record HashField(byte[] field, byte[] value, long expireAt) {}

    /** One member of a sorted set; the score is any double but NaN. */
    record ScoredMember(byte[] member, double score) {}

    /**
     * One entry of a stream.
     *
     * @param fields names and values in turn; names may repeat
     */
    record StreamEntry(StreamId id, List<byte[]> fields) {}

    /**
     * What a stream is besides its entries.
     *
     * @param firstId id of the first entry, {@link StreamId#ZERO} when there is none
     * @param entriesAdded how many entries were ever added
     */
    record StreamState(
            StreamId lastId, StreamId firstId, StreamId maxDeletedId, long entriesAdded, List<StreamGroup> groups) {}

    /**
     * A consumer group.
     *
     * @param entriesRead how many entries the group has read, or {@link #UNKNOWN}
     */
    record StreamGroup(
            byte[] name,
            StreamId lastDelivered,
            long entriesRead,
            List<PendingEntry> pending,
            List<StreamConsumer> consumers) {}

    /** An entry delivered and not acknowledged; {@code deliveredAt} in milliseconds since the epoch. */
    record PendingEntry(StreamId id, byte[] consumer, long deliveredAt, long deliveries) {}

    /**
     * A consumer of a group.
     *
     * @param seenAt in milliseconds since the epoch
     * @param activeAt in milliseconds since the epoch, or {@link #UNKNOWN}
     */
    record StreamConsumer(byte[] name, long seenAt, long activeAt) {}

    /** A figure that the source does not know. */
    long UNKNOWN = -1;
}
