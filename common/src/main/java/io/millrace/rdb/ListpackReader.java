package io.millrace.rdb;

import java.io.IOException;

/** listpack.c: a header of six bytes, elements each followed by its own length for walking back, and 0xff. */
final class ListpackReader extends PackedReader {

    private static final int END = 0xff;

    ListpackReader(byte[] bytes, long position) throws IOException {
        super(bytes, position);
        if (unsignedInteger(4) != bytes.length) {
            throw broken("its header has another length");
        }
        pass(2);
    }

    @Override
    boolean atEnd() throws IOException {
        if (at < bytes.length && (bytes[at] & 0xff) != END) {
            return false;
        }
        if (at != bytes.length - 1) {
            throw broken("its end mark is not at its end");
        }
        return true;
    }

    @Override
    byte[] next() throws IOException {
        int start = at;
        int head = unsigned();
        byte[] value;
        if (head < 0x80) {
            value = RdbStrings.decimal(head);
        } else if (head < 0xc0) {
            value = text(head & 0x3f);
        } else if (head < 0xe0) {
            int raw = (head & 0x1f) << 8 | unsigned();
            value = RdbStrings.decimal(raw >= 1 << 12 ? raw - (1 << 13) : raw);
        } else if (head < 0xf0) {
            value = text((head & 0x0f) << 8 | unsigned());
        } else {
            value = wide(head);
        }
        pass(backLength(at - start));
        return value;
    }

    private byte[] wide(int head) throws IOException {
        return switch (head) {
            case 0xf0 -> text(unsignedInteger(4));
            case 0xf1 -> RdbStrings.decimal(integer(2));
            case 0xf2 -> RdbStrings.decimal(integer(3));
            case 0xf3 -> RdbStrings.decimal(integer(4));
            case 0xf4 -> RdbStrings.decimal(integer(8));
            default -> throw broken("the element type " + head + " has no meaning");
        };
    }

    /** How many bytes lpEncodeBacklen takes for an element of this many bytes. */
    private static int backLength(int length) {
        if (length <= 127) {
            return 1;
        }
        if (length < 16_383) {
            return 2;
        }
        if (length < 2_097_151) {
            return 3;
        }
        return length < 268_435_455 ? 4 : 5;
    }
}
