package io.millrace.source.scan;

import io.millrace.source.assemble.ScanAssembler;
import java.io.IOException;

/** A module's value where DUMP is not permitted: nothing else gives it whole. */
public final class UnreadableKeyException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreadableKeyException(byte[] key, String type) {
        super("The key " + ScanAssembler.shown(key) + " has the module type " + type
                + ", which only DUMP can read: permit DUMP (+dump), or delete the key.");
    }
}
