package io.millrace.source.assemble;

import io.millrace.change.Command;
import io.millrace.change.Expiry;
import io.millrace.command.CommandTable;
import io.millrace.command.MalformedCommandException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the commands of a stream are: names in upper case, keys, expiries. Names are resolved by their bytes, in an
 * open-addressed table, so that no String is made for a command. Bounded: a stream that names ever new commands is resolved
 * without being remembered.
 *
 * <p>Owned by the parser's thread.
 */
public final class CommandDictionary {

    private static final Logger log = LoggerFactory.getLogger(CommandDictionary.class);

    private static final int SLOTS = 4096;
    private static final int LIMIT = SLOTS / 2;
    private static final int[] NO_KEYS = {};

    private final UnaryOperator<CommandTable> learn;
    private final byte[][] names = new byte[SLOTS][];
    private final KnownCommand[] known = new KnownCommand[SLOTS];
    private int size;
    private CommandTable table;
    private boolean warnedOfShape;

    /** @param learn adds what the source itself knows to a table; called when a name is unknown, once a name */
    public CommandDictionary(CommandTable table, UnaryOperator<CommandTable> learn) {
        this.table = table;
        this.learn = learn;
    }

    KnownCommand find(byte[] name) {
        int at = hash(name) & (SLOTS - 1);
        while (names[at] != null) {
            if (Arrays.equals(names[at], name)) {
                return known[at];
            }
            at = (at + 1) & (SLOTS - 1);
        }
        KnownCommand resolved = KnownCommand.of(new String(upperCase(name), StandardCharsets.ISO_8859_1));
        if (size < LIMIT) {
            names[at] = name;
            known[at] = resolved;
            size++;
            learn(name, resolved);
        }
        return resolved;
    }

    private void learn(byte[] name, KnownCommand command) {
        if (command.role() != KnownCommand.Role.WRITE || table.find(name) != null) {
            return;
        }
        table = learn.apply(table);
        io.millrace.command.Command learned = table.find(name);
        if (learned == null) {
            log.warn(
                    "The source sends the command {}, of which neither Millrace nor the source's COMMAND says where its keys"
                            + " are: it is published without keys.",
                    KeyText.of(name));
        } else if (!learned.keysAreExact()) {
            log.warn(
                    "The source does not say where all keys of the command {} are: it may be published with some of them"
                            + " only.",
                    KeyText.of(name));
        }
    }

    /** The command as it is published. */
    Command command(KnownCommand command, byte[][] argv) {
        byte[][] args = new byte[argv.length - 1][];
        System.arraycopy(argv, 1, args, 0, args.length);
        return new Command(command.name(), args, keys(command, argv));
    }

    private int[] keys(KnownCommand command, byte[][] argv) {
        io.millrace.command.Command found = table.find(argv);
        if (found == null) {
            return NO_KEYS;
        }
        try {
            int[] positions = found.keyPositions(argv);
            for (int i = 0; i < positions.length; i++) {
                positions[i]--;
            }
            return positions;
        } catch (MalformedCommandException e) {
            if (!warnedOfShape) {
                warnedOfShape = true;
                log.warn(
                        "The source sends {} in a form that Millrace does not know ({}): it is published without keys, and so"
                                + " are others like it.",
                        command.name(),
                        e.getMessage());
            }
            return NO_KEYS;
        }
    }

    /**
     * The absolute expiry that the command sets for its key. What counts from now on counts from a moment that only the
     * source knows, so that there is none for it; Redis 7.0 and newer propagate absolute ones.
     */
    long expireAt(byte[][] argv) {
        io.millrace.command.Command found = table.find(argv);
        io.millrace.command.Expiry expiry = found == null ? null : found.expiry(argv);
        return expiry == null || !expiry.absolute() || expiry.ofFields() ? Expiry.NONE : expiry.atMillis(0);
    }

    /** ASCII only: a name is bytes, and Redis compares them so (strcasecmp in the C locale). */
    private static byte[] upperCase(byte[] name) {
        byte[] upper = name.clone();
        for (int i = 0; i < upper.length; i++) {
            if (upper[i] >= 'a' && upper[i] <= 'z') {
                upper[i] -= (byte) ('a' - 'A');
            }
        }
        return upper;
    }

    private static int hash(byte[] name) {
        int hash = name.length;
        for (byte b : name) {
            hash = hash * 31 + b;
        }
        return hash ^ (hash >>> 12);
    }
}
