package io.millrace.rdb;

import java.io.IOException;
import java.util.Arrays;

/** Decompresses a large LZF string range by range, holding one range and the 8 KB that references may reach back. */
final class LzfStream {

    private static final int REACH = 8192;
    private static final int LONGEST_RUN = 264;

    private final RdbInput in;
    private final int length;
    private final int range;
    private final byte[] window;
    /** Where the next byte goes in the window; what is before {@link #handed} has been handed out. */
    private int to;

    private int handed;
    private int produced;
    private final long packedEnd;

    LzfStream(RdbInput in, int packed, int length, int range) {
        this.in = in;
        this.length = length;
        this.range = range;
        this.packedEnd = in.position() + packed;
        this.window = new byte[3 * REACH + Math.min(range, length) + LONGEST_RUN];
    }

    void copyTo(ValueSink sink) throws IOException, InterruptedException {
        while (in.position() < packedEnd) {
            int control = in.unsigned();
            if (control < 32) {
                literal(control + 1);
            } else {
                reference(control);
            }
            while (to - handed >= range) {
                sink.string(Arrays.copyOfRange(window, handed, handed + range));
                handed += range;
            }
            slide();
        }
        if (in.position() != packedEnd || produced != length) {
            throw Lzf.broken(in.position());
        }
        if (to > handed || length == 0) {
            sink.string(Arrays.copyOfRange(window, handed, to));
        }
    }

    private void literal(int run) throws IOException {
        if (run > packedEnd - in.position() || run > length - produced) {
            throw Lzf.broken(in.position());
        }
        for (int i = 0; i < run; i++) {
            window[to++] = (byte) in.unsigned();
        }
        produced += run;
    }

    private void reference(int control) throws IOException {
        int run = control >>> 5;
        if (run == 7) {
            run += in.unsigned();
        }
        run += 2;
        int back = ((control & 0x1f) << 8 | in.unsigned()) + 1;
        if (back > produced || run > length - produced) {
            throw Lzf.broken(in.position());
        }
        int from = to - back;
        for (int i = 0; i < run; i++) {
            window[to++] = window[from++];
        }
        produced += run;
    }

    /** Keeps the last 8 KB before the next byte; moves them only now and then. */
    private void slide() {
        int drop = Math.min(handed, to - REACH);
        if (drop > REACH) {
            System.arraycopy(window, drop, window, 0, to - drop);
            to -= drop;
            handed -= drop;
        }
    }
}
