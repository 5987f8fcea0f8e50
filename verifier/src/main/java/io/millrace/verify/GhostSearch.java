package io.millrace.verify;

import java.util.ArrayList;
import java.util.List;

/** Finds keys that a side does not have. One thread. */
final class GhostSearch {
    /** Keys in one EXISTS, whose answer is a number of keys. */
    private static final int TOGETHER = 100;

    private final Side side;
    private final int database;

    GhostSearch(Side side, int database) {
        this.side = side;
        this.database = database;
    }

    /** Those of the keys that are not there. */
    List<byte[]> missing(List<byte[]> keys) {
        List<byte[]> missing = new ArrayList<>();
        if (side.isCluster()) {
            missing(keys, missing);
            return missing;
        }
        Pipeline pipeline = side.pipeline(database);
        for (int from = 0; from < keys.size(); from += TOGETHER) {
            byte[][] some =
                    keys.subList(from, Math.min(keys.size(), from + TOGETHER)).toArray(new byte[0][]);
            pipeline.send(some[0], Command.EXISTS, some);
        }
        pipeline.read();
        for (int from = 0; from < keys.size(); from += TOGETHER) {
            List<byte[]> some = keys.subList(from, Math.min(keys.size(), from + TOGETHER));
            if (pipeline.number(from / TOGETHER) < some.size()) {
                missing(some, missing);
            }
        }
        return missing;
    }

    private void missing(List<byte[]> keys, List<byte[]> missing) {
        Pipeline pipeline = side.pipeline(database);
        keys.forEach(key -> pipeline.add(Command.EXISTS, key));
        pipeline.read();
        for (int i = 0; i < keys.size(); i++) {
            if (pipeline.number(i) == 0) {
                missing.add(keys.get(i));
            }
        }
    }
}
