package io.millrace.rdb;

import java.io.IOException;

/** intset.c: the width of an integer, their number, and the integers. */
final class IntsetReader extends PackedReader {

    private final int width;

    IntsetReader(byte[] bytes, long position) throws IOException {
        super(bytes, position);
        this.width = (int) unsignedInteger(4);
        long count = unsignedInteger(4);
        if (width != 2 && width != 4 && width != 8) {
            throw broken("integers of " + width + " bytes do not exist");
        }
        if (count * width != bytes.length - 8L) {
            throw broken("its header has another number of integers");
        }
    }

    @Override
    boolean atEnd() {
        return at == bytes.length;
    }

    @Override
    byte[] next() throws IOException {
        return RdbStrings.decimal(integer(width));
    }
}
