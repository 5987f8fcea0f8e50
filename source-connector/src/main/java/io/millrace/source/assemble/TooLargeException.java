package io.millrace.source.assemble;

import java.io.IOException;

/** One change is larger than a record may be and cannot be taken apart without changing what it means. */
public final class TooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    TooLargeException(String what, byte[] key, long bytes, int limit, long offset) {
        super(what + (key == null ? "" : " of key " + KeyText.of(key)) + " at replication offset " + offset + " has "
                + bytes + " bytes, which is more than record.max.bytes=" + limit
                + " and cannot be split: raise record.max.bytes, together with max.request.size of the producer "
                + "(producer.override.max.request.size) and max.message.bytes of the topic.");
    }
}
