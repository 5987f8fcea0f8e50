package io.millrace.rdb;

import io.millrace.change.StreamId;
import io.millrace.change.Value.StreamState;
import java.io.IOException;
import java.util.List;

/** Takes a value element by element. */
public interface ValueSink {

    /** A string, or the next range of one. */
    void string(byte[] range) throws IOException, InterruptedException;

    void listElement(byte[] element) throws IOException, InterruptedException;

    void setMember(byte[] member) throws IOException, InterruptedException;

    void hashField(byte[] field, byte[] value, long expireAt) throws IOException, InterruptedException;

    void scoredMember(byte[] member, double score) throws IOException, InterruptedException;

    void streamEntry(StreamId id, List<byte[]> fields) throws IOException, InterruptedException;

    /** After the entries, once. */
    void streamState(StreamState state) throws IOException, InterruptedException;
}
