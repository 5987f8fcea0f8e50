package io.millrace.rdb;

import java.io.IOException;

/** ziplist.c: a header of ten bytes, elements each after the length of the one before, and 0xff. */
final class ZiplistReader extends PackedReader {

    private static final int END = 0xff;
    private static final int WIDE = 0xfe;

    ZiplistReader(byte[] bytes, long position) throws IOException {
        super(bytes, position);
        if (unsignedInteger(4) != bytes.length) {
            throw broken("its header has another length");
        }
        pass(4 + 2);
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
        if (unsigned() == WIDE) {
            pass(4);
        }
        int head = unsigned();
        switch (head >>> 6) {
            case 0:
                return text(head & 0x3f);
            case 1:
                return text((head & 0x3f) << 8 | unsigned());
            case 2:
                return text((long) unsigned() << 24 | unsigned() << 16 | unsigned() << 8 | unsigned());
            default:
                return RdbStrings.decimal(number(head));
        }
    }

    private long number(int head) throws IOException {
        return switch (head) {
            case 0xc0 -> integer(2);
            case 0xd0 -> integer(4);
            case 0xe0 -> integer(8);
            case 0xf0 -> integer(3);
            case 0xfe -> integer(1);
            default -> {
                if (head < 0xf1 || head > 0xfd) {
                    throw broken("the element type " + head + " has no meaning");
                }
                yield (head & 0x0f) - 1;
            }
        };
    }
}
