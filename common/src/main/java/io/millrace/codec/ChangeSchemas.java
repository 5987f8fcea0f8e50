package io.millrace.codec;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * The Connect schemas of the events. Every struct is named, none carries a version, and fields are only ever added with
 * a default, so that any two versions can read each other.
 */
public final class ChangeSchemas {

    private static final String NAMESPACE = "io.millrace.events.";

    static final Schema TAGS = optionalTextMap();

    static final Schema ORIGIN = origin().build();
    static final Schema OPTIONAL_ORIGIN = origin().optional().build();

    static final Schema COMMAND = struct("Command")
            .field("name", Schema.STRING_SCHEMA)
            .field("args", SchemaBuilder.array(Schema.BYTES_SCHEMA).build())
            .field("keys", SchemaBuilder.array(Schema.INT32_SCHEMA).build())
            .optional()
            .build();

    static final Schema HASH_FIELD = struct("HashField")
            .field("field", Schema.BYTES_SCHEMA)
            .field("value", Schema.BYTES_SCHEMA)
            .field("expireAt", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    static final Schema SCORED_MEMBER = struct("ScoredMember")
            .field("member", Schema.BYTES_SCHEMA)
            .field("score", Schema.FLOAT64_SCHEMA)
            .build();

    static final Schema STREAM_FIELD = struct("StreamField")
            .field("field", Schema.BYTES_SCHEMA)
            .field("value", Schema.BYTES_SCHEMA)
            .build();

    static final Schema STREAM_ENTRY = struct("StreamEntry")
            .field("id", Schema.STRING_SCHEMA)
            .field("fields", SchemaBuilder.array(STREAM_FIELD).build())
            .build();

    static final Schema PENDING_ENTRY = struct("PendingEntry")
            .field("id", Schema.STRING_SCHEMA)
            .field("consumer", Schema.BYTES_SCHEMA)
            .field("deliveredAt", Schema.INT64_SCHEMA)
            .field("deliveries", Schema.INT64_SCHEMA)
            .build();

    static final Schema STREAM_CONSUMER = struct("StreamConsumer")
            .field("name", Schema.BYTES_SCHEMA)
            .field("seenAt", Schema.INT64_SCHEMA)
            .field("activeAt", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    static final Schema STREAM_GROUP = struct("StreamGroup")
            .field("name", Schema.BYTES_SCHEMA)
            .field("lastDelivered", Schema.STRING_SCHEMA)
            .field("entriesRead", Schema.OPTIONAL_INT64_SCHEMA)
            .field("pending", SchemaBuilder.array(PENDING_ENTRY).build())
            .field("consumers", SchemaBuilder.array(STREAM_CONSUMER).build())
            .build();

    static final Schema STREAM = struct("Stream")
            .field("entries", SchemaBuilder.array(STREAM_ENTRY).build())
            .field("lastId", Schema.OPTIONAL_STRING_SCHEMA)
            .field("firstId", Schema.OPTIONAL_STRING_SCHEMA)
            .field("maxDeletedId", Schema.OPTIONAL_STRING_SCHEMA)
            .field("entriesAdded", Schema.OPTIONAL_INT64_SCHEMA)
            .field("groups", SchemaBuilder.array(STREAM_GROUP).build())
            .optional()
            .build();

    static final Schema VALUE = struct("Value")
            .field("string", Schema.OPTIONAL_BYTES_SCHEMA)
            .field("list", SchemaBuilder.array(Schema.BYTES_SCHEMA).optional().build())
            .field("set", SchemaBuilder.array(Schema.BYTES_SCHEMA).optional().build())
            .field("hash", SchemaBuilder.array(HASH_FIELD).optional().build())
            .field("zset", SchemaBuilder.array(SCORED_MEMBER).optional().build())
            .field("stream", STREAM)
            .optional()
            .build();

    static final Schema PART = struct("Part")
            .field("index", Schema.INT32_SCHEMA)
            .field("last", Schema.BOOLEAN_SCHEMA)
            .optional()
            .build();

    static final Schema ENTRY = struct("Entry")
            .field("type", Schema.STRING_SCHEMA)
            .field("payload", Schema.OPTIONAL_BYTES_SCHEMA)
            .field("rdbVersion", Schema.OPTIONAL_INT32_SCHEMA)
            .field("value", VALUE)
            .field("part", PART)
            .field("idle", Schema.OPTIONAL_INT64_SCHEMA)
            .field("frequency", Schema.OPTIONAL_INT32_SCHEMA)
            .optional()
            .build();

    static final Schema TRANSACTION = struct("Transaction")
            .field("id", Schema.INT64_SCHEMA)
            .field("index", Schema.INT32_SCHEMA)
            .field("last", Schema.BOOLEAN_SCHEMA)
            .optional()
            .build();

    /** A record's value when it carries one change. */
    public static final Schema CHANGE = struct("Change")
            .field("kind", Schema.STRING_SCHEMA)
            .field("db", Schema.INT32_SCHEMA)
            .field("key", Schema.OPTIONAL_BYTES_SCHEMA)
            .field("slot", Schema.INT32_SCHEMA)
            .field("slots", Schema.OPTIONAL_STRING_SCHEMA)
            .field("offset", Schema.INT64_SCHEMA)
            .field("expireAt", Schema.OPTIONAL_INT64_SCHEMA)
            .field("command", COMMAND)
            .field("entry", ENTRY)
            .field("transaction", TRANSACTION)
            .field("reason", Schema.OPTIONAL_STRING_SCHEMA)
            .field("details", optionalTextMap())
            .field("origin", OPTIONAL_ORIGIN)
            .build();

    /** A record's value when it carries a run of changes. */
    public static final Schema BATCH = struct("ChangeBatch")
            .field("origin", ORIGIN)
            .field("changes", SchemaBuilder.array(CHANGE).build())
            .build();

    /** A record's key when it carries one change; batches have no key. */
    public static final Schema KEY = struct("ChangeKey")
            .field("db", Schema.INT32_SCHEMA)
            .field("key", Schema.OPTIONAL_BYTES_SCHEMA)
            .build();

    private ChangeSchemas() {}

    private static SchemaBuilder origin() {
        return struct("Origin")
                .field("shard", Schema.STRING_SCHEMA)
                .field("generation", Schema.INT32_SCHEMA)
                .field("replicationId", Schema.STRING_SCHEMA)
                .field("capturedAt", Schema.INT64_SCHEMA)
                .field("sourceTime", Schema.OPTIONAL_INT64_SCHEMA)
                .field("sourceTimeError", Schema.OPTIONAL_INT64_SCHEMA)
                .field("tags", TAGS);
    }

    private static Schema optionalTextMap() {
        return SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA)
                .optional()
                .build();
    }

    private static SchemaBuilder struct(String name) {
        return SchemaBuilder.struct().name(NAMESPACE + name);
    }
}
