package io.millrace.rdb;

import static io.millrace.change.Expiry.NONE;

import io.millrace.change.Value;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.change.Value.ScoredMember;
import io.millrace.change.Value.SetValue;
import io.millrace.change.Value.ZsetValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Gives DUMP payloads the form that RESTORE of one RDB version reads.
 *
 * <p>Most values need another footer alone: the version and the checksum. Where the encoding is too new (listpacks in Redis
 * 7.0, the set's in 7.2, field expiries in 7.4 and Valkey 9), the value is written in the plain encoding, element by element,
 * which every version reads and turns into what it prefers itself (rdb.c, rdbLoadObject). So one RESTORE with its expiry still
 * does all. Immutable and thread-safe.
 */
public final class PayloadRewriter {

    private static final long VALKEY_NO_EXPIRY = -1;
    private static final int FIRST_WITH_VECTOR_SETS = 12;
    private static final int FIRST_WITH_KEY_METADATA = 13;
    private static final String VECTOR_SET = "vectorset";

    private final int version;
    private final boolean valkey;
    private final boolean modules;

    /**
     * For a server.
     *
     * @param rdbVersion the newest that it reads
     * @param valkey whether it is a Valkey; those before 9 have a version that Redis has, too
     * @param modules whether it may have any module but its own; which types of values one has, no server says
     */
    public PayloadRewriter(int rdbVersion, boolean valkey, boolean modules) {
        this.version = rdbVersion;
        this.valkey = valkey;
        this.modules = modules;
    }

    /** Whether the payload is a module's, as far as its first byte says. */
    public static boolean isModule(byte[] payload) {
        return payload.length > 0 && payload[0] == RdbType.MODULE_2;
    }

    /**
     * The payload as the server reads it. The array is the given one where nothing is to be changed.
     *
     * @throws RdbFormatException when the payload is damaged
     */
    public Rewritten rewrite(byte[] payload) throws RdbFormatException {
        DumpValue dump = DumpValue.of(payload);
        Set<Loss> losses = EnumSet.noneOf(Loss.class);
        if (dump.start() > 0 && (valkey || version < FIRST_WITH_KEY_METADATA)) {
            losses.add(Loss.KEY_METADATA);
        }
        Loss whole = impossible(dump);
        if (whole != null) {
            losses.add(whole);
            return new Rewritten(null, losses);
        }
        return new Rewritten(
                RdbType.restorable(dump.type(), version) ? resealed(dump, losses) : encoded(dump, losses), losses);
    }

    /**
     * What FUNCTION DUMP gives, with the footer of the server: the code is the same in all versions that have functions.
     *
     * @throws RdbFormatException when the payload is damaged
     */
    public byte[] functions(byte[] payload) throws RdbFormatException {
        if (DumpPayload.check(payload) == version) {
            return payload;
        }
        byte[] copy = payload.clone();
        DumpPayload.seal(copy, version);
        return copy;
    }

    private Loss impossible(DumpValue dump) throws RdbFormatException {
        if (dump.isModule()) {
            boolean vectors = VECTOR_SET.equals(dump.moduleName());
            if (vectors && (valkey || version < FIRST_WITH_VECTOR_SETS)) {
                return Loss.VECTOR_SET;
            }
            if (vectors && dump.rdbVersion() > version) {
                return Loss.VECTOR_SET_FORM;
            }
            boolean known = vectors || modules;
            return known && RdbType.restorable(RdbType.MODULE_2, version) ? null : Loss.MODULE;
        }
        boolean stream = "stream".equals(RdbType.name(dump.type()));
        return stream && !RdbType.restorable(RdbType.STREAM_LISTPACKS, version) ? Loss.STREAM : null;
    }

    private byte[] resealed(DumpValue dump, Set<Loss> losses) {
        if (dump.rdbVersion() == version && losses.isEmpty()) {
            return dump.payload();
        }
        byte[] payload = dump.payload();
        int from = losses.contains(Loss.KEY_METADATA) ? dump.start() : 0;
        byte[] copy = new byte[payload.length - from];
        System.arraycopy(payload, from, copy, 0, copy.length);
        DumpPayload.seal(copy, version);
        return copy;
    }

    private byte[] encoded(DumpValue dump, Set<Loss> losses) throws RdbFormatException {
        if ("stream".equals(RdbType.name(dump.type()))) {
            return StreamRewriter.rewrite(dump, version, losses);
        }
        Value value = dump.decode();
        int expected = dump.payload().length + dump.payload().length / 2;
        PayloadWriter out;
        if (value instanceof ListValue list) {
            out = new PayloadWriter(RdbType.LIST, expected);
            strings(list.elements(), out);
        } else if (value instanceof SetValue set) {
            out = new PayloadWriter(RdbType.SET, expected);
            strings(set.members(), out);
        } else if (value instanceof ZsetValue zset) {
            out = new PayloadWriter(RdbType.ZSET_2, expected);
            out.number(zset.members().size());
            for (ScoredMember member : zset.members()) {
                out.string(member.member());
                out.score(member.score());
            }
        } else if (value instanceof HashValue hash) {
            out = hash(hash.fields(), expected, losses);
        } else {
            throw new RdbFormatException(
                    "the type " + dump.type() + " has no form in RDB version " + version + ".", dump.start());
        }
        return out.sealed(version);
    }

    private static void strings(List<byte[]> elements, PayloadWriter out) {
        out.number(elements.size());
        elements.forEach(out::string);
    }

    private PayloadWriter hash(List<HashField> fields, int expected, Set<Loss> losses) {
        long first = Long.MAX_VALUE;
        for (HashField field : fields) {
            if (field.expireAt() != NONE) {
                first = Math.min(first, field.expireAt());
            }
        }
        boolean expiring = first != Long.MAX_VALUE;
        if (expiring && RdbType.restorable(RdbType.VALKEY_HASH_2, version)) {
            return valkeyHash(fields, expected);
        }
        if (expiring && RdbType.restorable(RdbType.HASH_METADATA, version)) {
            return redisHash(fields, first, expected);
        }
        if (expiring) {
            losses.add(Loss.FIELD_EXPIRY);
        }
        PayloadWriter out = new PayloadWriter(RdbType.HASH, expected);
        out.number(fields.size());
        for (HashField field : fields) {
            out.string(field.field());
            out.string(field.value());
        }
        return out;
    }

    private static PayloadWriter valkeyHash(List<HashField> fields, int expected) {
        PayloadWriter out = new PayloadWriter(RdbType.HASH_METADATA_PRE_GA, expected);
        out.number(fields.size());
        for (HashField field : fields) {
            out.string(field.field());
            out.string(field.value());
            out.longLittleEndian(field.expireAt() == NONE ? VALKEY_NO_EXPIRY : field.expireAt());
        }
        return out;
    }

    /** An expiry is stored as its distance from the first one, plus 1; 0 stands for none. */
    private static PayloadWriter redisHash(List<HashField> fields, long first, int expected) {
        PayloadWriter out = new PayloadWriter(RdbType.HASH_METADATA, expected);
        out.longLittleEndian(first);
        out.number(fields.size());
        for (HashField field : fields) {
            out.number(field.expireAt() == NONE ? 0 : field.expireAt() - first + 1);
            out.string(field.field());
            out.string(field.value());
        }
        return out;
    }
}
