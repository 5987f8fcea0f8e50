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

    private ChangeWriter() {}

    static Struct key(Change change) {
        return new Struct(ChangeSchemas.KEY).put("db", change.db()).put("key", change.key());
    }

    static Struct batch(Origin origin, List<? extends Change> changes) {
        List<Struct> structs = new ArrayList<>(changes.size());
        for (Change change : changes) {
            structs.add(write(change, false));
        }
        return new Struct(ChangeSchemas.BATCH)
                .put("origin", origin(origin, ChangeSchemas.ORIGIN))
                .put("changes", structs);
    }

    static Struct write(Change change, boolean withOrigin) {
        byte[] key = change.key();
        Struct struct = new Struct(ChangeSchemas.CHANGE)
                .put(KIND, change.kind())
                .put(DB, change.db())
                .put(KEY, key)
                .put(SLOT, key == null ? NO_SLOT : HashSlot.of(key))
                .put(OFFSET, change.offset());
        if (change instanceof CommandChange command) {
            struct.put(COMMAND, command(command.command()))
                    .put(EXPIRE_AT, unless(Expiry.NONE, command.expireAt()))
                    .put(TRANSACTION, transaction(command.transaction()))
                    .put(REASON, command.reason())
                    .put(SLOTS, text(command.slots()));
        } else if (change instanceof SnapshotEntry entry) {
            struct.put(ENTRY, entry(entry)).put(EXPIRE_AT, unless(Expiry.NONE, entry.expireAt()));
        } else if (change instanceof Mark mark) {
            struct.put(DETAILS, orNull(mark.details())).put(SLOTS, text(mark.slots()));
        }
        if (withOrigin) {
            struct.put(ORIGIN, origin(change.origin(), ChangeSchemas.OPTIONAL_ORIGIN));
        }
        return struct;
    }

    private static Struct command(Command command) {
        return new Struct(ChangeSchemas.COMMAND)
                .put(COMMAND_NAME, command.name())
                .put(COMMAND_ARGS, Arrays.asList(command.args()))
                .put(COMMAND_KEYS, positions(command.keys()));
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
        return new Struct(ChangeSchemas.ENTRY)
                .put("type", entry.type())
                .put("payload", entry.payload())
                .put("rdbVersion", entry.payload() == null ? null : entry.rdbVersion())
                .put("value", entry.value() == null ? null : ValueWriter.write(entry.value()))
                .put("part", part(entry.part()))
                .put("idle", unless(SnapshotEntry.UNKNOWN, entry.idle()))
                .put("frequency", entry.frequency() == SnapshotEntry.UNKNOWN ? null : entry.frequency());
    }

    private static Struct part(Part part) {
        return part == null
                ? null
                : new Struct(ChangeSchemas.PART).put("index", part.index()).put("last", part.last());
    }

    private static Struct transaction(TransactionMark mark) {
        return mark == null
                ? null
                : new Struct(ChangeSchemas.TRANSACTION)
                        .put("id", mark.id())
                        .put("index", mark.index())
                        .put("last", mark.last());
    }

    private static Struct origin(Origin origin, Schema schema) {
        return new Struct(schema)
                .put("shard", origin.shard())
                .put("generation", origin.generation())
                .put("replicationId", origin.replicationId())
                .put("capturedAt", origin.capturedAt())
                .put("sourceTime", unless(Origin.UNKNOWN, origin.sourceTime()))
                .put("sourceTimeError", unless(Origin.UNKNOWN, origin.sourceTimeError()))
                .put("tags", orNull(origin.tags()));
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
