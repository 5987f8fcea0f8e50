package io.millrace.benchmarks.delivery;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes as a source would send them; the same seed gives the same. */
enum Workload {
    /** SET of 100 bytes: an assignment, which may be applied twice. */
    SET,
    /** INCR over as many keys. */
    INCR,
    /** RPUSH of 16 bytes, to a hundredth of as many lists. */
    RPUSH,
    /** Transactions of INCR, RPUSH and SET in one slot. */
    MULTI,
    /** Snapshot entries: RESTORE of a string of 100 bytes. */
    RESTORE;

    private static final int KEYS = 20_000;
    private static final Origin ORIGIN = new Origin("0", 1, "a".repeat(40), 1_700_000_000_000L, -1, -1, Map.of());

    /** @param payload of DUMP, for {@link #RESTORE} */
    List<Change> changes(int count, byte[] payload) {
        Random random = new Random(5);
        List<Change> changes = new ArrayList<>(count);
        while (changes.size() < count) {
            int n = random.nextInt(KEYS);
            switch (this) {
                case SET -> changes.add(command(changes.size(), null, "SET", "key:" + n, "x".repeat(100)));
                case INCR -> changes.add(command(changes.size(), null, "INCR", "counter:" + n));
                case RPUSH -> changes.add(command(changes.size(), null, "RPUSH", "list:" + n / 100, "y".repeat(16)));
                case MULTI -> transaction(changes, n);
                case RESTORE -> changes.add(entry(changes.size(), payload));
            }
        }
        return changes;
    }

    private static void transaction(List<Change> changes, int n) {
        long id = offset(changes.size());
        String tag = "{" + n + "}";
        changes.add(command(changes.size(), new TransactionMark(id, 0, false), "INCR", "counter:" + tag));
        changes.add(command(changes.size(), new TransactionMark(id, 1, false), "RPUSH", "list:" + tag, "y".repeat(16)));
        changes.add(command(changes.size(), new TransactionMark(id, 2, true), "SET", "key:" + tag, "x".repeat(100)));
    }

    private static long offset(int n) {
        return 1000 + 100L * n;
    }

    private static CommandChange command(int n, TransactionMark mark, String name, String... args) {
        byte[][] raw = Arrays.stream(args)
                .map(arg -> arg.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        return new CommandChange(ORIGIN, 0, offset(n), new Command(name, raw, new int[] {0}), Expiry.NONE, mark, null);
    }

    private static SnapshotEntry entry(int n, byte[] payload) {
        // The last ten bytes are the version of the format, low byte first, and a checksum.
        int version = (payload[payload.length - 10] & 0xff) | (payload[payload.length - 9] & 0xff) << 8;
        byte[] key = ("snapshot:" + n).getBytes(StandardCharsets.UTF_8);
        return new SnapshotEntry(ORIGIN, 0, 1000, key, "string", payload, version, null, Expiry.NONE, null, -1, -1);
    }
}
