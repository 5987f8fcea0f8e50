package io.millrace.sink.apply;

import java.util.List;

/** Removes keys from a standalone destination. */
interface Unlinking {

    /** @return how many were there */
    long unlink(int db, List<byte[]> keys) throws SessionEndedException;
}
