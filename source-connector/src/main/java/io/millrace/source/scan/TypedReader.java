package io.millrace.source.scan;

import static io.millrace.source.scan.ScannedServer.ascii;
import static io.millrace.source.scan.ScannedServer.text;

import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.rdb.PartWriter;
import io.millrace.rdb.RdbKey;
import io.millrace.source.assemble.ScanAssembler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads values by the commands of their types, piece by piece. The first piece of each key comes in one exchange for all, so
 * that small values cost no round trip each. A collection that is written to meanwhile may be read half before and half
 * after. One thread.
 */
final class TypedReader {

    private static final Set<String> TYPES = Set.of("string", "list", "set", "zset", "hash", "stream");
    private static final int RANGE_BYTES = 256 * 1024;
    private static final int ELEMENTS = 256;
    private static final String NONE = "none";
    private static final byte[] ZERO = ascii("0");
    private static final byte[] COUNT = ascii("COUNT");
    private static final byte[] TYPE = ascii("TYPE");

    private final ScannedServer server;
    private final ScanAssembler out;
    private final int partBytes;
    private final FieldExpiries fields;
    private final KeyScope scope;

    TypedReader(ScannedServer server, ScanAssembler out, int partBytes, KeyScope scope) {
        this.server = server;
        this.scope = scope;
        this.out = out;
        this.partBytes = partBytes;
        this.fields = new FieldExpiries(server);
    }

    /** Whether the value has a type whose commands are known here: a module's has not. */
    boolean canRead(int db, byte[] key) {
        server.select(db);
        try {
            return TYPES.contains(text(server.node().call(TYPE, key)));
        } catch (RedisFailureException e) {
            if (scope.isElsewhere(e.kind(), key)) {
                return false;
            }
            throw e;
        }
    }

    /** @param expireAt for each key, as {@link Expiries#of} gives it */
    void read(int db, List<byte[]> keys, long[] expireAt) throws IOException, InterruptedException {
        List<Object> types = server.exchange(
                keys.stream().map(key -> new byte[][] {TYPE, key}).toList());
        List<byte[][]> firsts = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Kind error = ScannedServer.errorKind(types.get(i));
            if (error != null && !scope.isElsewhere(error, keys.get(i))) {
                throw server.failure("TYPE", types.get(i));
            }
            firsts.add(first(error == null ? text(types.get(i)) : NONE, keys.get(i)));
        }
        List<Object> replies = server.exchange(firsts);
        for (int i = 0; i < keys.size(); i++) {
            if (expireAt[i] == Expiries.GONE || ScannedServer.errorKind(types.get(i)) != null) {
                continue;
            }
            String type = text(types.get(i));
            if (type.equals(NONE)) {
                continue;
            }
            if (!TYPES.contains(type)) {
                throw new UnreadableKeyException(keys.get(i), type);
            }
            Kind error = ScannedServer.errorKind(replies.get(i));
            if (error == Kind.WRONGTYPE || (error != null && scope.isElsewhere(error, keys.get(i)))) {
                continue; // deleted and made anew since TYPE: as if written after the scan
            }
            if (error != null) {
                throw server.failure(text(firsts.get(i)[0]), replies.get(i));
            }
            RdbKey key = new RdbKey(db, keys.get(i), type, expireAt[i], -1, -1);
            value(key, replies.get(i));
        }
    }

    private static byte[][] first(String type, byte[] key) {
        return switch (type) {
            case "string" -> new byte[][] {ascii("GETRANGE"), key, ZERO, ascii(Integer.toString(RANGE_BYTES - 1))};
            case "list" -> new byte[][] {ascii("LRANGE"), key, ZERO, ascii(Integer.toString(ELEMENTS - 1))};
            case "set" -> scan("SSCAN", key, ZERO);
            case "zset" -> scan("ZSCAN", key, ZERO);
            case "hash" -> scan("HSCAN", key, ZERO);
            case "stream" -> StreamPieces.range(key, null);
            // A reply for each key, so that they keep their order.
            default -> new byte[][] {TYPE, key};
        };
    }

    private static byte[][] scan(String command, byte[] key, byte[] cursor) {
        return new byte[][] {ascii(command), key, cursor, COUNT, ascii(Integer.toString(ELEMENTS))};
    }

    /** A key that is deleted or replaced while it is read is left out, or left as it was read so far. */
    private void value(RdbKey key, Object first) throws IOException, InterruptedException {
        PartWriter writer = new PartWriter(key, out, partBytes);
        try {
            read(key, first, writer);
        } catch (RedisFailureException e) {
            if (!isGone(e) && !scope.isElsewhere(e.kind(), key.key())) {
                throw e;
            }
        }
        if (!writer.isEmpty()) {
            writer.finish();
        }
    }

    private static boolean isGone(RedisFailureException e) {
        return e.kind() == Kind.WRONGTYPE
                || e.kind() == Kind.NOGROUP
                || e.failure().detail().contains("no such key");
    }

    private void read(RdbKey key, Object first, PartWriter writer) throws IOException, InterruptedException {
        switch (key.type()) {
            case "string" -> string(key.key(), (byte[]) first, writer);
            case "list" -> list(key.key(), (List<?>) first, writer);
            case "set" ->
                elements("SSCAN", key.key(), first, page -> {
                    for (Object member : page) {
                        writer.setMember((byte[]) member);
                    }
                });
            case "zset" ->
                elements("ZSCAN", key.key(), first, page -> {
                    for (int i = 0; i + 1 < page.size(); i += 2) {
                        writer.scoredMember((byte[]) page.get(i), score(text(page.get(i + 1))));
                    }
                });
            case "hash" -> elements("HSCAN", key.key(), first, page -> hash(key.key(), page, writer));
            default -> {
                StreamPieces pieces = new StreamPieces(server, key.key());
                Value whole = pieces.whole(first, partBytes);
                if (whole == null) {
                    pieces.read(first, writer);
                } else {
                    out.part(key, whole, new Part(0, true));
                }
            }
        }
    }

    private void string(byte[] key, byte[] first, PartWriter writer) throws IOException, InterruptedException {
        byte[] range = first;
        if (range.length == 0 && text(server.node().call(TYPE, key)).equals(NONE)) {
            return;
        }
        writer.string(range);
        long at = range.length;
        while (range.length == RANGE_BYTES) {
            range = (byte[]) server.node()
                    .call(ascii("GETRANGE"), key, ascii(Long.toString(at)), ascii(Long.toString(at + RANGE_BYTES - 1)));
            if (range.length > 0) {
                writer.string(range);
                at += range.length;
            }
        }
    }

    private void list(byte[] key, List<?> first, PartWriter writer) throws IOException, InterruptedException {
        List<?> page = first;
        long at = 0;
        while (true) {
            for (Object element : page) {
                writer.listElement((byte[]) element);
            }
            at += page.size();
            if (page.size() < ELEMENTS) {
                return;
            }
            page = (List<?>) server.node()
                    .call(ascii("LRANGE"), key, ascii(Long.toString(at)), ascii(Long.toString(at + ELEMENTS - 1)));
        }
    }

    private interface Elements {
        void take(List<?> page) throws IOException, InterruptedException;
    }

    private void elements(String command, byte[] key, Object first, Elements elements)
            throws IOException, InterruptedException {
        List<?> reply = (List<?>) first;
        while (true) {
            elements.take((List<?>) reply.get(1));
            byte[] cursor = (byte[]) reply.get(0);
            if (cursor.length == 1 && cursor[0] == '0') {
                return;
            }
            reply = (List<?>) server.node().call(scan(command, key, cursor));
        }
    }

    private void hash(byte[] key, List<?> page, PartWriter writer) throws IOException, InterruptedException {
        List<byte[]> names = new ArrayList<>();
        for (int i = 0; i + 1 < page.size(); i += 2) {
            names.add((byte[]) page.get(i));
        }
        long[] expireAt = fields.of(key, names);
        for (int i = 0; i < names.size(); i++) {
            if (expireAt[i] != Expiries.GONE) {
                writer.hashField(names.get(i), (byte[]) page.get(2 * i + 1), expireAt[i]);
            }
        }
    }

    private static double score(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
