package io.millrace.verify;

/** How many elements of a big value are read at a time, so that a window stays around a megabyte. */
final class Windows {
    private static final int MOST = 1000;
    /** Where the server may not be asked for the size: few enough for large elements. */
    private static final int UNKNOWN = 50;

    private static final long BYTES = 1 << 20;

    private final Pair pair;

    Windows(Pair pair) {
        this.pair = pair;
    }

    int elements(byte[] key, long count) {
        if (!pair.source().hasMemoryUsage() || count == 0) {
            return UNKNOWN;
        }
        Pipeline pipeline = pair.source().pipeline(pair.database());
        int number = pipeline.send(key, Command.MEMORY, Bytes.ascii("USAGE"), key);
        Object usage = pipeline.read().get(number);
        // Nil: the key has gone meanwhile.
        long average = usage == null ? 1 : Math.max(1, (Long) usage / count);
        return (int) Math.max(1, Math.min(MOST, BYTES / average));
    }
}
