package io.millrace.source.scan;

/**
 * Where a scan stands: all before it is published.
 *
 * @param cursor as SCAN gave it, and takes it; 0 at the beginning of a database. It means something only to the process
 *     that gave it
 */
public record ScanPlace(int db, long cursor) {

    public static final ScanPlace START = new ScanPlace(0, 0);

    /** As the commands have it: cursors are unsigned. */
    String cursorText() {
        return Long.toUnsignedString(cursor);
    }
}
