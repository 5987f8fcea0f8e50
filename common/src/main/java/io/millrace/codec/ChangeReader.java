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
import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Reads structs of one schema as changes. */
final class ChangeReader {

    private static final Mark.Meaning[] MEANINGS = Mark.Meaning.values();

    /** Null when the schema is that of a single change. */
    private final Shape batch;

    private final OriginReader batchOrigin;
    private final OriginReader origin;
    private final ValueReader value;
    private final Shape change;
    private final Shape command;
    private final Shape entry;
    private final Shape part;
    private final Shape transaction;

    static ChangeReader of(Schema schema) {
        if (ChangeSchemas.BATCH.name().equals(schema.name())) {
            Shape batch = new Shape(schema, "!origin", "!changes");
            return new ChangeReader(batch, Shape.elementOf(batch.schemaOf(1)));
        }
        if (ChangeSchemas.CHANGE.name().equals(schema.name())) {
            return new ChangeReader(null, schema);
        }
        throw new DataException("The record's schema is " + schema.name() + ", not " + ChangeSchemas.CHANGE.name()
                + " or " + ChangeSchemas.BATCH.name()
                + ": name only topics of a Millrace source connector in 'topics'.");
    }

    private ChangeReader(Shape batch, Schema changeSchema) {
        this.batch = batch;
        this.batchOrigin = batch == null ? null : new OriginReader(batch.schemaOf(0));
        this.change = new Shape(
                changeSchema,
                "!kind",
                "!db",
                "!key",
                "!offset",
                "expireAt",
                "!command",
                "!entry",
                "transaction",
                "reason",
                "details",
                "origin",
                "slots");
        this.command = new Shape(change.schemaOf(5), "!name", "!args", "!keys");
        this.entry =
                new Shape(change.schemaOf(6), "!type", "payload", "rdbVersion", "value", "part", "idle", "frequency");
        this.value = entry.has(3) ? new ValueReader(entry.schemaOf(3)) : null;
        this.part = entry.has(4) ? new Shape(entry.schemaOf(4), "!index", "!last") : null;
        this.transaction = change.has(7) ? new Shape(change.schemaOf(7), "!id", "!index", "!last") : null;
        this.origin = change.has(10) ? new OriginReader(change.schemaOf(10)) : null;
    }

    List<Change> read(Struct struct) {
        if (batch == null) {
            Struct from = change.struct(struct, 10);
            if (from == null) {
                throw new DataException("The change has no origin: it was cut out of a batch.");
            }
            return List.of(change(struct, origin.read(from)));
        }
        Origin from = batchOrigin.read(batch.struct(struct, 0));
        List<?> structs = batch.list(struct, 1);
        List<Change> changes = new ArrayList<>(structs.size());
        for (Object each : structs) {
            changes.add(change((Struct) each, from));
        }
        return changes;
    }

    private Change change(Struct struct, Origin from) {
        String kind = change.text(struct, 0);
        int db = (int) change.number(struct, 1, 0);
        long offset = change.number(struct, 3, 0);
        long expireAt = change.number(struct, 4, Expiry.NONE);
        if (CommandChange.KIND.equals(kind)) {
            return new CommandChange(
                    from,
                    db,
                    offset,
                    command(present(change.struct(struct, 5), "command", offset)),
                    expireAt,
                    transaction(struct),
                    change.text(struct, 8),
                    db,
                    slots(struct, offset));
        }
        if (SnapshotEntry.KIND.equals(kind)) {
            Struct found = present(change.struct(struct, 6), "entry", offset);
            return entry(from, db, offset, change.bytes(struct, 2), expireAt, found);
        }
        for (Mark.Meaning meaning : MEANINGS) {
            if (meaning.kind().equals(kind)) {
                return new Mark(from, db, offset, meaning, change.texts(struct, 9), slots(struct, offset));
            }
        }
        throw new DataException(
                "The change at offset " + offset + " of shard " + from.shard() + " is of the kind '" + kind
                        + "', which this version does not know: upgrade the sink connector before the source connector.");
    }

    private SlotSet slots(Struct struct, long offset) {
        String text = change.text(struct, 11);
        try {
            return text == null ? null : SlotSet.parse(text);
        } catch (IllegalArgumentException e) {
            throw new DataException("The change at offset " + offset + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private Command command(Struct struct) {
        List<?> args = command.list(struct, 1);
        byte[][] bytes = new byte[args.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Shape.toBytes(args.get(i));
        }
        List<?> positions = command.list(struct, 2);
        int[] keys = new int[positions.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (Integer) positions.get(i);
            if (keys[i] < 0 || keys[i] >= bytes.length) {
                throw new DataException("The command " + command.text(struct, 0) + " has " + bytes.length
                        + " arguments but names argument " + keys[i] + " as a key.");
            }
        }
        return new Command(command.text(struct, 0), bytes, keys);
    }

    private SnapshotEntry entry(Origin from, int db, long offset, byte[] key, long expireAt, Struct struct) {
        Struct typed = entry.struct(struct, 3);
        Struct place = entry.struct(struct, 4);
        return new SnapshotEntry(
                from,
                db,
                offset,
                key,
                entry.text(struct, 0),
                entry.bytes(struct, 1),
                (int) entry.number(struct, 2, 0),
                typed == null ? null : value.read(typed),
                expireAt,
                place == null ? null : new Part((int) part.number(place, 0, 0), part.flag(place, 1)),
                entry.number(struct, 5, SnapshotEntry.UNKNOWN),
                (int) entry.number(struct, 6, SnapshotEntry.UNKNOWN));
    }

    private TransactionMark transaction(Struct struct) {
        Struct found = change.struct(struct, 7);
        return found == null
                ? null
                : new TransactionMark(
                        transaction.number(found, 0, 0),
                        (int) transaction.number(found, 1, 0),
                        transaction.flag(found, 2));
    }

    private static Struct present(Struct struct, String field, long offset) {
        if (struct == null) {
            throw new DataException(
                    "The change at offset " + offset + " has no field '" + field + "', which its kind asks for.");
        }
        return struct;
    }
}
