package io.millrace.codec;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Writes changes as structs. */
final class ChangeWriter {

    private static final int NO_SLOT = -1;
    private static final List<Integer> FIRST = List.of(0);

    private static final Field KIND = ChangeSchemas.CHANGE.field("kind");
    private static final Field DB = ChangeSchemas.CHANGE.field("db");
    private static final Field KEY = ChangeSchemas.CHANGE.field("key");
    private static final Field SLOT = ChangeSchemas.CHANGE.field("slot");
    private static final Field SLOTS = ChangeSchemas.CHANGE.field("slots");
    private static final Field OFFSET = ChangeSchemas.CHANGE.field("offset");
    private static final Field EXPIRE_AT = ChangeSchemas.CHANGE.field("expireAt");
    private static final Field COMMAND = ChangeSchemas.CHANGE.field("command");
    private static final Field ENTRY = ChangeSchemas.CHANGE.field("entry");
    private static final Field TRANSACTION = ChangeSchemas.CHANGE.field("transaction");
    private static final Field REASON = ChangeSchemas.CHANGE.field("reason");
    private static final Field DETAILS = ChangeSchemas.CHANGE.field("details");
    private static final Field ORIGIN = ChangeSchemas.CHANGE.field("origin");

    private static final Field COMMAND_NAME = ChangeSchemas.COMMAND.field("name");
    private static final Field COMMAND_ARGS = ChangeSchemas.COMMAND.field("args");
    private static final Field COMMAND_KEYS = ChangeSchemas.COMMAND.field("keys");

    private static final Field ENTRY_TYPE = ChangeSchemas.ENTRY.field("type");
    private static final Field ENTRY_PAYLOAD = ChangeSchemas.ENTRY.field("payload");
    private static final Field ENTRY_RDB_VERSION = ChangeSchemas.ENTRY.field("rdbVersion");
    private static final Field ENTRY_VALUE = ChangeSchemas.ENTRY.field("value");
    private static final Field ENTRY_PART = ChangeSchemas.ENTRY.field("part");
    private static final Field ENTRY_IDLE = ChangeSchemas.ENTRY.field("idle");
    private static final Field ENTRY_FREQUENCY = ChangeSchemas.ENTRY.field("frequency");

    private ChangeWriter() {}

    static Struct key(Change change) {
        return new FilledStruct(ChangeSchemas.KEY).set("db", change.db()).set("key", change.key());
    }

    static Struct batch(Origin origin, List<? extends Change> changes) {
        List<Struct> structs = new ArrayList<>(changes.size());
        for (Change change : changes) {
            structs.add(write(change, false));
        }
        return new FilledStruct(ChangeSchemas.BATCH)
                .set("origin", origin(origin, ChangeSchemas.ORIGIN))
                .set("changes", structs);
    }

    static Struct write(Change change, boolean withOrigin) {
        byte[] key = change.key();
        FilledStruct struct = new FilledStruct(ChangeSchemas.CHANGE)
                .set(KIND, change.kind())
                .set(DB, change.db())
                .set(KEY, key)
                .set(SLOT, key == null ? NO_SLOT : HashSlot.of(key))
                .set(OFFSET, change.offset());
        if (change instanceof CommandChange command) {
            struct.set(COMMAND, command(command.command()))
                    .set(EXPIRE_AT, unless(Expiry.NONE, command.expireAt()))
                    .set(TRANSACTION, transaction(command.transaction()))
                    .set(REASON, command.reason())
                    .set(SLOTS, text(command.slots()));
        } else if (change instanceof SnapshotEntry entry) {
            struct.set(ENTRY, entry(entry)).set(EXPIRE_AT, unless(Expiry.NONE, entry.expireAt()));
        } else if (change instanceof Mark mark) {
            struct.set(DETAILS, orNull(mark.details())).set(SLOTS, text(mark.slots()));
        }
        if (withOrigin) {
            struct.set(ORIGIN, origin(change.origin(), ChangeSchemas.OPTIONAL_ORIGIN));
        }
        return struct;
    }

    private static Struct command(Command command) {
        return new FilledStruct(ChangeSchemas.COMMAND)
                .set(COMMAND_NAME, command.name())
                .set(COMMAND_ARGS, Arrays.asList(command.args()))
                .set(COMMAND_KEYS, positions(command.keys()));
    }

    private static List<Integer> positions(int[] keys) {
        if (keys.length == 1 && keys[0] == 0) {
            return FIRST;
        }
        List<Integer> list = new ArrayList<>(keys.length);
        for (int key : keys) {
            list.add(key);
        }
        return list;
    }

    private static Struct entry(SnapshotEntry entry) {
        FilledStruct struct = new FilledStruct(ChangeSchemas.ENTRY).set(ENTRY_TYPE, entry.type());
        if (entry.payload() != null) {
            struct.set(ENTRY_PAYLOAD, entry.payload()).set(ENTRY_RDB_VERSION, entry.rdbVersion());
        }
        if (entry.value() != null) {
            struct.set(ENTRY_VALUE, ValueWriter.write(entry.value()));
        }
        return struct.set(ENTRY_PART, part(entry.part()))
                .set(ENTRY_IDLE, unless(SnapshotEntry.UNKNOWN, entry.idle()))
                .set(ENTRY_FREQUENCY, entry.frequency() == SnapshotEntry.UNKNOWN ? null : entry.frequency());
    }

    private static Struct part(Part part) {
        return part == null
                ? null
                : new FilledStruct(ChangeSchemas.PART)
                        .set("index", part.index())
                        .set("last", part.last());
    }

    private static Struct transaction(TransactionMark mark) {
        return mark == null
                ? null
                : new FilledStruct(ChangeSchemas.TRANSACTION)
                        .set("id", mark.id())
                        .set("index", mark.index())
                        .set("last", mark.last());
    }

    private static Struct origin(Origin origin, Schema schema) {
        return new FilledStruct(schema)
                .set("shard", origin.shard())
                .set("generation", origin.generation())
                .set("replicationId", origin.replicationId())
                .set("capturedAt", origin.capturedAt())
                .set("sourceTime", unless(Origin.UNKNOWN, origin.sourceTime()))
                .set("sourceTimeError", unless(Origin.UNKNOWN, origin.sourceTimeError()))
                .set("tags", orNull(origin.tags()));
    }

    private static String text(SlotSet slots) {
        return slots == null ? null : slots.toString();
    }

    private static Map<String, String> orNull(Map<String, String> map) {
        return map.isEmpty() ? null : map;
    }

    static Long unless(long absent, long value) {
        return value == absent ? null : Long.valueOf(value);
    }
}
