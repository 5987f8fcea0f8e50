package io.millrace.source.assemble;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.rdb.DumpReader;
import io.millrace.rdb.RdbFormatException;
import io.millrace.rdb.RdbKey;
import io.millrace.rdb.RdbVisitor;
import io.millrace.recopy.KeyCopy;
import io.millrace.recopy.RecopyScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes changes of the markers by which a key is copied anew: a snapshot entry, or DEL for a key that does not exist. What
 * is under the name of a marker and is none, or cannot be published, is logged and left out, for it changes no key of the
 * source: whoever may write there must not be able to stop the capture.
 *
 * <p>Owned by the parser's thread.
 */
public final class KeyCopies {

    private static final Logger log = LoggerFactory.getLogger(KeyCopies.class);

    private final EntryWriter entries;

    public KeyCopies(EntryWriter entries) {
        this.entries = entries;
    }

    /** Whether the command is {@code SET <name of a marker> <text>}, with no option. */
    static boolean isCopy(Command command) {
        return command.name().equals("SET") && command.args().length == 2 && RecopyScript.isMarker(command.args()[0]);
    }

    static boolean isRestore(Command command) {
        return (command.name().equals("RESTORE") || command.name().equals("RESTORE-ASKING"))
                && command.args().length >= 3;
    }

    /**
     * A RESTORE that is larger than a record, as the entries of its value: they replace the key, which was replaced at the source
     * or was not there.
     *
     * @throws TooLargeException if a part of the value would still be larger
     */
    void restore(Origin origin, int db, long offset, Command command, ChangeOutput out)
            throws IOException, InterruptedException {
        byte[][] args = command.args();
        try {
            long ttl = Long.parseLong(new String(args[1], StandardCharsets.US_ASCII));
            long from = isAbsolute(args) ? 0 : origin.capturedAt();
            read(origin, db, offset, args[0], ttl == 0 ? Expiry.NONE : from + ttl, args[2], out::accept);
        } catch (RdbFormatException | IllegalArgumentException e) {
            throw new BrokenStreamException("RESTORE of a value that cannot be read: " + e.getMessage(), offset);
        }
    }

    private static boolean isAbsolute(byte[][] args) {
        for (int i = 3; i < args.length; i++) {
            if (new String(args[i], StandardCharsets.US_ASCII).equalsIgnoreCase("ABSTTL")) {
                return true;
            }
        }
        return false;
    }

    /** The changes of a marker, all at its offset; none if it is left out. */
    List<Change> changes(Origin origin, int db, long offset, byte[] text) throws InterruptedException {
        try {
            KeyCopy copy = KeyCopy.parse(text);
            if (ReservedKeys.contains(copy.key())) {
                throw new IllegalArgumentException("its key " + KeyText.of(copy.key()) + " is never captured");
            }
            if (copy.payload() == null) {
                Command del = new Command("DEL", new byte[][] {copy.key()}, new int[] {0});
                return List.of(new CommandChange(origin, db, offset, del, Expiry.NONE, null, null));
            }
            return entries(origin, db, offset, copy);
        } catch (IllegalArgumentException | IOException e) {
            leftOut(offset, e.getMessage());
            return List.of();
        }
    }

    static void leftOut(long offset, String why) {
        log.warn(
                "The copy of a key at replication offset {} is left out: {}. Copy the key again with millrace recopy.",
                offset,
                why);
    }

    private List<Change> entries(Origin origin, int db, long offset, KeyCopy copy)
            throws IOException, InterruptedException {
        List<Change> changes = new ArrayList<>(1);
        read(origin, db, offset, copy.key(), copy.expireAt(), copy.payload(), changes::add);
        return changes;
    }

    private void read(Origin origin, int db, long offset, byte[] name, long expireAt, byte[] dump, ChangeOutput out)
            throws IOException, InterruptedException {
        DumpReader.read(db, name, expireAt, dump, entries.limits(), new RdbVisitor() {
            private int rdbVersion;
            private boolean complete;

            @Override
            public void header(int version, boolean valkey) {
                rdbVersion = version;
            }

            @Override
            public void entry(RdbKey key, byte[] payload) throws IOException, InterruptedException {
                one();
                complete = true;
                out.accept(entries.whole(origin, offset, key, payload, rdbVersion));
            }

            @Override
            public void part(RdbKey key, Value value, Part part) throws IOException, InterruptedException {
                one();
                complete = part.last();
                out.accept(entries.part(origin, offset, key, value, part));
            }

            @Override
            public void function(byte[] code) {
                throw new IllegalArgumentException("its payload holds a function");
            }

            private void one() {
                if (complete) {
                    throw new IllegalArgumentException("its payload holds more than one value");
                }
            }
        });
    }
}
