package io.millrace.source.rdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Hands out the payload of a large module value in ranges: what is in it only the module knows. At most one item that the
 * module wrote and one range are held.
 */
final class ModuleRanges {

    private final RdbStrings strings;
    private final PartWriter parts;
    private final int limit;
    private final ByteArrayOutputStream range = new ByteArrayOutputStream();
    private long crc;

    ModuleRanges(RdbStrings strings, PartWriter parts, int limit) {
        this.strings = strings;
        this.parts = parts;
        this.limit = limit;
    }

    /** The reader stands behind the type byte. */
    void copy(int rdbVersion) throws IOException, InterruptedException {
        byte[] type = {RdbType.MODULE_2};
        crc = Crc64.update(0, type, 0, 1);
        append(type);
        RdbInput in = strings.input();
        in.mark(Integer.MAX_VALUE, false);
        strings.number();
        appendMarked();
        ValueWalker walker = new ValueWalker(strings);
        boolean more = true;
        while (more) {
            in.mark(Integer.MAX_VALUE, false);
            more = walker.skipModuleItem();
            appendMarked();
        }
        append(DumpPayload.footer(crc, rdbVersion));
        parts.string(range.toByteArray());
    }

    private void appendMarked() throws IOException, InterruptedException {
        RdbInput in = strings.input();
        byte[] item = new byte[in.marked()];
        in.copyMarked(item, 0);
        in.unmark();
        crc = Crc64.update(crc, item, 0, item.length);
        append(item);
    }

    private void append(byte[] bytes) throws IOException, InterruptedException {
        int at = 0;
        while (at < bytes.length) {
            int step = Math.min(bytes.length - at, limit - range.size());
            range.write(bytes, at, step);
            at += step;
            if (range.size() == limit) {
                parts.string(range.toByteArray());
                range.reset();
            }
        }
    }
}
