package io.millrace.source.scan;

import io.millrace.failure.Kind;

/** Which keys of a server a scan wants, and who hears that a key's slot has gone, or is going, to another server. */
public interface KeyScope {

    /** All keys of a server that is none of a cluster: that a key is elsewhere is an error there. */
    KeyScope ALL = new KeyScope() {
        @Override
        public boolean wants(byte[] key) {
            return true;
        }

        @Override
        public boolean movedAway(byte[] key) {
            return false;
        }
    };

    /** Whether the key is to be read. */
    boolean wants(byte[] key);

    /** The server says that the key is not there but at another. False where that is an error. */
    boolean movedAway(byte[] key);

    /** Whether an error says so and is none. */
    default boolean isElsewhere(Kind error, byte[] key) {
        return (error == Kind.MOVED || error == Kind.ASK) && movedAway(key);
    }
}
