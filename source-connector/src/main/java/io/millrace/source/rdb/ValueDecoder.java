package io.millrace.source.rdb;

import com.moilioncircle.redis.replicator.io.RedisInputStream;
import com.moilioncircle.redis.replicator.rdb.DefaultRdbValueVisitor;
import com.moilioncircle.redis.replicator.rdb.RdbValueVisitor;
import com.moilioncircle.redis.replicator.rdb.datatype.TTLValue;
import com.moilioncircle.redis.replicator.rdb.datatype.ZSetEntry;
import io.millrace.change.Expiry;
import io.millrace.change.Value;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.change.Value.ScoredMember;
import io.millrace.change.Value.SetValue;
import io.millrace.change.Value.StringValue;
import io.millrace.change.Value.ZsetValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decodes a DUMP payload into its typed form.
 *
 * <p>redis-replicator's decoders do the work where they can. Our own do it for streams, whose entries it keeps in a map
 * and so loses repeated field names; for sorted sets in compact form, where it fails on infinite scores; for Valkey's
 * hash with field expiries, whose type number means something else to it; for the two hash types of the 7.4 release
 * candidates; and for what Redis 8.6 added. Thread-safe.
 */
public final class ValueDecoder {

    private static final int LARGEST_BUFFER = 8192;

    private final RdbValueVisitor decoders = new DefaultRdbValueVisitor(null);

    /**
     * The typed form, or empty for a module's value, which only its module understands.
     *
     * @throws RdbFormatException when the payload is damaged or its type is not known
     */
    public Optional<Value> decode(byte[] payload) throws RdbFormatException {
        int version = DumpPayload.check(payload);
        int start = 0;
        try {
            if ((payload[0] & 0xff) == RdbType.OPCODE_KEY_META) {
                RdbInput metadata = new RdbInput(payload, 1, payload.length - DumpPayload.FOOTER);
                new ValueWalker(new RdbStrings(metadata, Integer.MAX_VALUE)).skipKeyMetadata();
                start = 1 + (int) metadata.position();
            }
            int type = RdbType.resolve(payload[start] & 0xff, version);
            if (!RdbType.isIn(type, version)) {
                throw new RdbFormatException(
                        "the value type " + (payload[start] & 0xff) + " is not known in version " + version + ".",
                        start);
            }
            if (type == RdbType.MODULE_2) {
                return Optional.empty();
            }
            return Optional.of(
                    isForeign(type) ? byOwn(payload, start, type) : byLibrary(payload, start, type, version));
        } catch (RdbFormatException e) {
            throw e;
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new RdbFormatException(
                    "a DUMP payload of " + payload.length + " bytes, type " + (payload[start] & 0xff)
                            + ", cannot be decoded: " + e + ".",
                    start,
                    e);
        }
    }

    private static boolean isForeign(int type) {
        return switch (type) {
            case RdbType.ZSET_ZIPLIST,
                    RdbType.ZSET_LISTPACK,
                    RdbType.VALKEY_HASH_2,
                    RdbType.HASH_METADATA_PRE_GA,
                    RdbType.HASH_LISTPACK_EX_PRE_GA -> true;
            default -> "stream".equals(RdbType.name(type));
        };
    }

    static Value byOwn(byte[] payload, int start, int type) throws IOException {
        RdbInput in = new RdbInput(payload, start + 1, payload.length - DumpPayload.FOOTER);
        ValueCollector collector = new ValueCollector();
        try {
            new ElementReader(new RdbStrings(in, Integer.MAX_VALUE), Integer.MAX_VALUE).read(type, collector);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a collector does not wait", e);
        }
        if (!in.atEnd()) {
            throw new RdbFormatException("a DUMP payload goes on behind its value.", start + 1 + in.position());
        }
        return collector.value(RdbType.name(type));
    }

    private Value byLibrary(byte[] payload, int start, int type, int version) throws IOException {
        int length = payload.length - start - 1 - DumpPayload.FOOTER;
        RedisInputStream in = new RedisInputStream(
                new ByteArrayInputStream(payload, start + 1, length), Math.max(1, Math.min(length, LARGEST_BUFFER)));
        Value value = switch (type) {
            case RdbType.STRING -> new StringValue(decoders.<byte[]>applyString(in, version));
            case RdbType.LIST -> list(decoders.applyList(in, version));
            case RdbType.LIST_ZIPLIST -> list(decoders.applyListZipList(in, version));
            case RdbType.LIST_QUICKLIST -> list(decoders.applyListQuickList(in, version));
            case RdbType.LIST_QUICKLIST_2 -> list(decoders.applyListQuickList2(in, version));
            case RdbType.SET -> set(decoders.applySet(in, version));
            case RdbType.SET_INTSET -> set(decoders.applySetIntSet(in, version));
            case RdbType.SET_LISTPACK -> set(decoders.applySetListPack(in, version));
            case RdbType.ZSET -> zset(decoders.applyZSet(in, version));
            case RdbType.ZSET_2 -> zset(decoders.applyZSet2(in, version));
            case RdbType.ZSET_ZIPLIST -> zset(decoders.applyZSetZipList(in, version));
            case RdbType.ZSET_LISTPACK -> zset(decoders.applyZSetListPack(in, version));
            case RdbType.HASH -> hash(decoders.applyHash(in, version));
            case RdbType.HASH_ZIPMAP -> hash(decoders.applyHashZipMap(in, version));
            case RdbType.HASH_ZIPLIST -> hash(decoders.applyHashZipList(in, version));
            case RdbType.HASH_LISTPACK -> hash(decoders.applyHashListPack(in, version));
            case RdbType.HASH_METADATA -> expiring(decoders.applyHashMetadata(in, version));
            case RdbType.HASH_LISTPACK_EX -> expiring(decoders.applyHashListPackEx(in, version));
            default -> throw new RdbFormatException("the value type " + type + " has no decoder.", start);
        };
        if (in.total() != length) {
            throw new RdbFormatException("a DUMP payload goes on behind its value.", start + 1 + in.total());
        }
        return value;
    }

    private static Value list(List<byte[]> elements) {
        return new ListValue(elements);
    }

    private static Value set(Set<byte[]> members) {
        return new SetValue(new ArrayList<>(members));
    }

    private static Value zset(Set<ZSetEntry> entries) {
        List<ScoredMember> members = new ArrayList<>(entries.size());
        for (ZSetEntry entry : entries) {
            members.add(new ScoredMember(entry.getElement(), entry.getScore()));
        }
        return new ZsetValue(members);
    }

    private static Value hash(Map<byte[], byte[]> map) {
        List<HashField> fields = new ArrayList<>(map.size());
        for (Map.Entry<byte[], byte[]> entry : map.entrySet()) {
            fields.add(new HashField(entry.getKey(), entry.getValue(), Expiry.NONE));
        }
        return new HashValue(fields);
    }

    private static Value expiring(Map<byte[], TTLValue> map) {
        List<HashField> fields = new ArrayList<>(map.size());
        for (Map.Entry<byte[], TTLValue> entry : map.entrySet()) {
            TTLValue value = entry.getValue();
            fields.add(new HashField(
                    entry.getKey(), value.getValue(), value.getExpires() == null ? Expiry.NONE : value.getExpires()));
        }
        return new HashValue(fields);
    }
}
