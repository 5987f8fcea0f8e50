package io.millrace.source.assemble;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.rdb.DumpReader;
import io.millrace.rdb.RdbKey;
import io.millrace.rdb.RdbVisitor;
import io.millrace.recopy.KeyCopy;
import io.millrace.recopy.RecopyScript;
import java.io.IOException;
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
        DumpReader.read(db, copy.key(), copy.expireAt(), copy.payload(), entries.limits(), new RdbVisitor() {
            private int rdbVersion;
            private boolean complete;

            @Override
            public void header(int version, boolean valkey) {
                rdbVersion = version;
            }

            @Override
            public void entry(RdbKey key, byte[] payload) throws IOException {
                one();
                complete = true;
                changes.add(entries.whole(origin, offset, key, payload, rdbVersion));
            }

            @Override
            public void part(RdbKey key, Value value, Part part) throws IOException {
                one();
                complete = part.last();
                changes.add(entries.part(origin, offset, key, value, part));
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
        return changes;
    }
}
