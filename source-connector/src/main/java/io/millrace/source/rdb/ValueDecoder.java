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
import io.millrace.rdb.DumpValue;
import io.millrace.rdb.RdbFormatException;
import io.millrace.rdb.RdbType;
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
        DumpValue dump = DumpValue.of(payload);
        if (dump.isModule()) {
            return Optional.empty();
        }
        try {
            return Optional.of(isForeign(dump.type()) ? dump.decode() : byLibrary(dump));
        } catch (RdbFormatException e) {
            throw e;
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new RdbFormatException(dump + ", cannot be decoded: " + e + ".", dump.start(), e);
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

    private Value byLibrary(DumpValue dump) throws IOException {
        byte[] payload = dump.payload();
        int start = dump.start();
        int type = dump.type();
        int version = dump.rdbVersion();
        int length = dump.end() - start - 1;
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
