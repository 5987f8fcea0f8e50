package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.change.Value.SetValue;
import io.millrace.change.Value.StreamValue;
import io.millrace.change.Value.StringValue;
import io.millrace.change.Value.ZsetValue;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Keeps all that an RDB holds, by {@code db/key}; parts are checked for their order and put together. */
class Contents implements RdbVisitor {

    final Map<String, RdbKey> keys = new TreeMap<>();
    final Map<String, byte[]> payloads = new TreeMap<>();
    final Map<String, Value> whole = new TreeMap<>();
    final Map<String, Long> sizes = new TreeMap<>();
    final Map<String, String> aux = new TreeMap<>();
    final List<String> functions = new ArrayList<>();
    int version;
    int parts;
    boolean ended;
    boolean checksummed;

    private final List<Value> open = new ArrayList<>();

    static String name(int db, byte[] key) {
        return db + "/" + Texts.of(key);
    }

    @Override
    public void header(int rdbVersion, boolean valkey) {
        version = rdbVersion;
    }

    @Override
    public void entry(RdbKey key, byte[] payload) {
        assertThat(open).isEmpty();
        put(key);
        payloads.put(name(key.db(), key.key()), payload);
    }

    @Override
    public void part(RdbKey key, Value value, Part part) {
        assertThat(part.index()).isEqualTo(open.size());
        parts++;
        open.add(value);
        if (part.last()) {
            put(key);
            whole.put(name(key.db(), key.key()), join(open));
            open.clear();
        }
    }

    private void put(RdbKey key) {
        assertThat(keys.put(name(key.db(), key.key()), key)).isNull();
    }

    @Override
    public void function(byte[] code) {
        functions.add(Texts.of(code));
    }

    @Override
    public void aux(byte[] name, byte[] value) {
        aux.put(Texts.of(name), Texts.of(value));
    }

    @Override
    public void sizes(int db, long count, long expiring) {
        sizes.put(db + "", count);
        sizes.put(db + ":expiring", expiring);
    }

    @Override
    public void end(boolean withChecksum) {
        assertThat(open).isEmpty();
        ended = true;
        checksummed = withChecksum;
    }

    private static Value join(List<Value> parts) {
        Value first = parts.get(0);
        if (first instanceof StringValue) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            parts.forEach(part -> all.writeBytes(((StringValue) part).bytes()));
            return new StringValue(all.toByteArray());
        }
        if (first instanceof ListValue) {
            List<byte[]> all = new ArrayList<>();
            parts.forEach(part -> all.addAll(((ListValue) part).elements()));
            return new ListValue(all);
        }
        if (first instanceof SetValue) {
            List<byte[]> all = new ArrayList<>();
            parts.forEach(part -> all.addAll(((SetValue) part).members()));
            return new SetValue(all);
        }
        if (first instanceof HashValue) {
            List<Value.HashField> all = new ArrayList<>();
            parts.forEach(part -> all.addAll(((HashValue) part).fields()));
            return new HashValue(all);
        }
        if (first instanceof ZsetValue) {
            List<Value.ScoredMember> all = new ArrayList<>();
            parts.forEach(part -> all.addAll(((ZsetValue) part).members()));
            return new ZsetValue(all);
        }
        return joinStream(parts);
    }

    private static Value joinStream(List<Value> parts) {
        List<Value.StreamEntry> entries = new ArrayList<>();
        for (Value part : parts) {
            entries.addAll(((StreamValue) part).entries());
            assertThat(((StreamValue) part).state() != null).isEqualTo(part == parts.get(parts.size() - 1));
        }
        return new StreamValue(entries, ((StreamValue) parts.get(parts.size() - 1)).state());
    }
}
