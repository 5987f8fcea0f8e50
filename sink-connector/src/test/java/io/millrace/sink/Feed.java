package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.change.Value;
import io.millrace.command.CommandTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes changes as a source would, with growing offsets. */
public class Feed {

    private final Origin origin;
    private long offset;
    private int db;

    /** Changes that were captured long ago. */
    public Feed(int generation) {
        this(generation, 1_700_000_000_000L);
    }

    public Feed(int generation, long capturedAt) {
        this("0", generation, capturedAt);
    }

    /** One shard of several. */
    Feed(String shard, int generation) {
        this(shard, generation, 1_700_000_000_000L);
    }

    private Feed(String shard, int generation, long capturedAt) {
        this.origin =
                new Origin(shard, generation, "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb", capturedAt, -1, -1, Map.of());
    }

    public Feed db(int selected) {
        db = selected;
        return this;
    }

    public long offset() {
        return offset;
    }

    /** Goes back, as a source does after a restart. */
    public void rewind(long to) {
        offset = to;
    }

    public CommandChange command(Object... words) {
        return command(null, words);
    }

    public CommandChange command(TransactionMark mark, Object... words) {
        byte[][] argv = argv(words);
        io.millrace.command.Command known = CommandTable.standard().find(argv);
        int[] positions = known == null ? new int[] {1} : known.keyPositions(argv);
        int[] keys = new int[positions.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = positions[i] - 1;
        }
        byte[][] args = java.util.Arrays.copyOfRange(argv, 1, argv.length);
        offset += 10;
        return new CommandChange(
                origin,
                db,
                offset,
                new Command(words[0].toString().toUpperCase(Locale.ROOT), args, keys),
                Expiry.NONE,
                mark,
                null);
    }

    public List<Change> transaction(Object[]... commands) {
        long id = offset + 1;
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < commands.length; i++) {
            changes.add(command(new TransactionMark(id, i, i == commands.length - 1), commands[i]));
        }
        return changes;
    }

    public SnapshotEntry dump(Object key, byte[] payload, int rdbVersion, long expireAt) {
        return new SnapshotEntry(
                origin, db, offset, bytes(key), "string", payload, rdbVersion, null, expireAt, null, -1, -1);
    }

    public SnapshotEntry typed(Object key, Value value, long expireAt) {
        return part(key, value, expireAt, null);
    }

    public SnapshotEntry part(Object key, Value value, long expireAt, Part part) {
        return new SnapshotEntry(origin, db, offset, bytes(key), value.type(), null, 0, value, expireAt, part, -1, -1);
    }

    public SnapshotEntry function(String code) {
        return new SnapshotEntry(
                origin,
                0,
                offset,
                null,
                SnapshotEntry.FUNCTION,
                null,
                0,
                new Value.StringValue(bytes(code)),
                Expiry.NONE,
                null,
                -1,
                -1);
    }

    public Mark mark(Mark.Meaning meaning) {
        return new Mark(origin, db, offset, meaning, Map.of());
    }

    public static byte[] bytes(Object text) {
        return text instanceof byte[] raw ? raw : text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[][] argv(Object... words) {
        byte[][] argv = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            argv[i] = bytes(words[i]);
        }
        return argv;
    }
}
