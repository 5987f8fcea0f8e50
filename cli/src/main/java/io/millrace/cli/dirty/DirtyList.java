package io.millrace.cli.dirty;

import io.millrace.cli.server.Deployment;
import io.millrace.client.Node;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys that a sink has noted as dirty at its target. */
final class DirtyList {
    private static final byte[] START = ascii("0");
    private static final int FIELDS_A_REQUEST = 500;

    private final Deployment target;
    private final byte[] hash;

    DirtyList(Deployment target, String sink) {
        this.target = target;
        this.hash = DirtyKey.hashOf(sink);
    }

    Map<DirtyKey, DirtyMark> all() {
        Map<DirtyKey, DirtyMark> marks = new LinkedHashMap<>();
        byte[] cursor = START;
        do {
            List<?> reply = (List<?>) node().call(ascii("HSCAN"), hash, cursor, ascii("COUNT"), ascii("1000"));
            cursor = (byte[]) reply.get(0);
            List<?> pairs = (List<?>) reply.get(1);
            for (int i = 0; i < pairs.size(); i += 2) {
                marks.put(DirtyKey.ofField((byte[]) pairs.get(i)), DirtyMark.parse((byte[]) pairs.get(i + 1)));
            }
        } while (!Arrays.equals(cursor, START));
        return marks;
    }

    /** The marks of some keys; those that are not dirty are left out. */
    Map<DirtyKey, DirtyMark> of(List<DirtyKey> keys) {
        Map<DirtyKey, DirtyMark> marks = new LinkedHashMap<>();
        for (int from = 0; from < keys.size(); from += FIELDS_A_REQUEST) {
            List<DirtyKey> some = keys.subList(from, Math.min(keys.size(), from + FIELDS_A_REQUEST));
            List<byte[]> command = new ArrayList<>(List.of(ascii("HMGET"), hash));
            some.forEach(key -> command.add(key.field()));
            List<?> values = (List<?>) node().call(command.toArray(new byte[0][]));
            for (int i = 0; i < some.size(); i++) {
                if (values.get(i) != null) {
                    marks.put(some.get(i), DirtyMark.parse((byte[]) values.get(i)));
                }
            }
        }
        return marks;
    }

    private Node node() {
        return target.of(hash, 0);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
