package io.millrace.converter;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.apache.kafka.connect.data.Schema;

/**
 * Remembers what was made for a Connect schema. Most connectors use a few schema objects for ever, which are found by
 * identity; those that build an equal schema for every record are served by equality, which walks the whole schema.
 * Bounded. Safe for any thread: a task's own thread converts, but an error reporter may do so from another.
 */
final class SchemaMemo<V> {

    private static final int RECENT = 8;

    private record Known<V>(Schema schema, V value) {}

    private final AtomicReferenceArray<Known<V>> recent = new AtomicReferenceArray<>(RECENT);
    private final Map<Schema, V> all;
    private int next;

    /** @param capacity how many schemas to remember, at least 1 */
    SchemaMemo(int capacity) {
        this.all = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Schema, V> eldest) {
                return size() > capacity;
            }
        };
    }

    /** What was made for this schema, or for one equal to it; made now if there is none. */
    V get(Schema schema, Function<Schema, V> make) {
        for (int i = 0; i < RECENT; i++) {
            Known<V> known = recent.getPlain(i);
            if (known == null) {
                break;
            }
            if (known.schema() == schema) {
                return known.value();
            }
        }
        return find(schema, make);
    }

    private synchronized V find(Schema schema, Function<Schema, V> make) {
        V value = all.get(schema);
        if (value == null) {
            value = make.apply(schema);
            all.put(schema, value);
        }
        recent.setRelease(next, new Known<>(schema, value));
        next = (next + 1) % RECENT;
        return value;
    }
}
