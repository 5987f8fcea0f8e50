package io.millrace.rdb;

import java.io.IOException;

/** zipmap.c, last written by Redis 2.4: fields and values in turn, a value with some unused bytes behind it. */
final class ZipmapReader extends PackedReader {

    private static final int END = 0xff;
    private static final int WIDE = 0xfe;

    private boolean value;

    ZipmapReader(byte[] bytes, long position) throws IOException {
        super(bytes, position);
        pass(1);
    }

    @Override
    boolean atEnd() throws IOException {
        if (at < bytes.length && (bytes[at] & 0xff) != END) {
            return false;
        }
        if (at != bytes.length - 1 || value) {
            throw broken("its end mark is not at its end");
        }
        return true;
    }

    @Override
    byte[] next() throws IOException {
        int head = unsigned();
        if (head == END) {
            throw broken("a field has no value");
        }
        long length = head == WIDE ? unsignedInteger(4) : head;
        int unused = value ? unsigned() : 0;
        byte[] element = text(length);
        pass(unused);
        value = !value;
        return element;
    }
}
