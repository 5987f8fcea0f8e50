package io.millrace.source.assemble;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.TransactionMark;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Makes changes of the command stream, unit by unit. A unit is one write command or a whole MULTI…EXEC; what only serves
 * the link (PING, REPLCONF, SELECT) is counted and not published.
 *
 * <p>A block is held back until its EXEC, so that a lost connection leaves no half of it behind; what exceeds the limit is
 * passed on as it comes, one change behind, because only EXEC tells which change is the last. The last change of a block
 * carries the offset of its EXEC, so that the offset of every change that completes a unit is the offset to continue from.
 * After a lost connection the master sends an unfinished block again; {@link #resume} sees to it that what was passed on is
 * not passed on twice.
 *
 * <p>Owned by the parser's thread.
 */
public final class UnitAssembler {

    private static final long NO_UNIT = -1;

    /** What is held back of a block, in bytes. */
    static final int HOLD = 4 * 1024 * 1024;

    private final CommandDictionary commands;
    private final CommandSplitter splitter;
    private final KeyCopies copies;
    private final ChangeOutput out;
    private final int hold;

    private Origin origin;
    private int db;
    private long unitEnd;
    private int unitEndDb;

    /** Offset of the first byte of the open MULTI, or {@link #NO_UNIT}. */
    private long open = NO_UNIT;

    /** The latest changes of the open block; the last of them waits until it is known whether another follows. */
    private final Deque<CommandChange> held = new ArrayDeque<>();

    private long heldBytes;

    /** Changes of the open block that were seen, and how many of them were passed on. */
    private int seen;

    private int passedOn;

    /** The marker of a key's copy in the open block and its database, or null. */
    private byte[] copy;

    private int copyDb;

    /** A block that was cut off by a lost connection: where it begins, and how many of its changes were passed on. */
    private long cutOff = NO_UNIT;

    private int skip;

    public UnitAssembler(CommandDictionary commands, CommandSplitter splitter, KeyCopies copies, ChangeOutput out) {
        this(commands, splitter, copies, out, HOLD);
    }

    UnitAssembler(CommandDictionary commands, CommandSplitter splitter, KeyCopies copies, ChangeOutput out, int hold) {
        this.commands = commands;
        this.splitter = splitter;
        this.copies = copies;
        this.out = out;
        this.hold = hold;
    }

    /** Begins after a full synchronisation, or at a position stored by an earlier run. */
    public void begin(Origin from, long offset, int selectedDb) {
        origin = from;
        unitEnd = offset;
        unitEndDb = selectedDb;
        db = selectedDb;
        cutOff = NO_UNIT;
        skip = 0;
        closeUnit();
    }

    /**
     * Goes on on a new connection, at {@link #unitEnd()}, or at the end of a unit before it behind which nothing was
     * published.
     */
    public void resume(Origin from, long offset, int selectedDb) {
        origin = from;
        unitEnd = offset;
        unitEndDb = selectedDb;
        db = unitEndDb;
        closeUnit();
    }

    /** The connection is lost: a block that is open will come again, from its beginning. */
    public void lost() {
        if (open != NO_UNIT) {
            // A second loss inside of the same block must not forget what was passed on before the first one.
            skip = open == cutOff ? Math.max(skip, passedOn) : passedOn;
            cutOff = skip > 0 ? open : NO_UNIT;
        }
        closeUnit();
    }

    /** Whether a part of a block was passed on that must come again, in the same history. */
    public boolean isTorn() {
        return cutOff != NO_UNIT;
    }

    /** From now on changes carry this origin, which has the same history as the one before. */
    public void origin(Origin fresh) {
        origin = fresh;
    }

    public Origin origin() {
        return origin;
    }

    /** Offset of the last byte of the last complete unit, or of what only serves the link after it. */
    public long unitEnd() {
        return unitEnd;
    }

    /** The database selected at {@link #unitEnd()}. */
    public int unitEndDb() {
        return unitEndDb;
    }

    /**
     * Takes a command.
     *
     * @param argv the name and the arguments; kept, not copied
     * @param first offset of its first byte
     * @param last offset of its last byte
     * @return whether it was one to publish; false for what is only counted
     * @throws BrokenStreamException if it cannot stand here
     * @throws TooLargeException if it is larger than a record and cannot be split
     */
    public boolean command(byte[][] argv, long first, long last) throws IOException, InterruptedException {
        KnownCommand known = commands.find(argv[0]);
        if (cutOff != NO_UNIT && open == NO_UNIT && (known.role() != KnownCommand.Role.MULTI || first != cutOff)) {
            // The stream of one history never changes: the block begins at the same place again.
            throw new BrokenStreamException(
                    "the block that began at " + cutOff + " before the connection was lost is not there any more",
                    first);
        }
        return switch (known.role()) {
            case WRITE -> write(known, argv, first, last);
            case LINK -> counted(last);
            case SELECT -> {
                db = database(argv, first);
                yield counted(last);
            }
            case MULTI -> {
                multi(first);
                yield false;
            }
            case EXEC -> exec(first, last);
        };
    }

    private boolean write(KnownCommand known, byte[][] argv, long first, long last)
            throws IOException, InterruptedException {
        Command command = commands.command(known, argv);
        if (ReservedKeys.onlyIn(command)) {
            return KeyCopies.isCopy(command) ? copy(command.args()[1], last) : counted(last);
        }
        if (SentinelHello.is(command)) {
            return counted(last);
        }
        long expireAt = commands.expireAt(argv);
        if (splitter.isTooLarge(command) && open == NO_UNIT && KeyCopies.isRestore(command)) {
            copies.restore(origin, db, last, command, out);
        } else if (splitter.isTooLarge(command)) {
            Iterator<Command> parts = splitter.split(command, last);
            long id = open == NO_UNIT ? first : open;
            boolean firstPart = true;
            while (parts.hasNext()) {
                follow(parts.next(), last, firstPart ? expireAt : Expiry.NONE, id);
                firstPart = false;
            }
            if (open == NO_UNIT) {
                completeBlock(last);
            }
        } else if (open == NO_UNIT) {
            out.accept(new CommandChange(origin, db, last, command, expireAt, null, null));
        } else {
            follow(command, last, expireAt, open);
        }
        counted(last);
        return true;
    }

    /** A marker in a block waits for the EXEC: it must be the only change there. */
    private boolean copy(byte[] text, long last) throws InterruptedException {
        if (open == NO_UNIT) {
            boolean published = put(text, last);
            counted(last);
            return published;
        }
        if (seen > 0 || copy != null) {
            KeyCopies.leftOut(last, "it stands in a transaction with other changes");
        } else {
            copy = text;
            copyDb = db;
        }
        return false;
    }

    private boolean put(byte[] text, long offset) throws InterruptedException {
        List<Change> changes = copies.changes(origin, db, offset, text);
        for (Change change : changes) {
            out.accept(change);
        }
        return !changes.isEmpty();
    }

    /** Adds a change to the block that begins at {@code id}. */
    private void follow(Command command, long last, long expireAt, long id) throws InterruptedException {
        TransactionMark mark = new TransactionMark(id, seen++, false);
        if (mark.index() < skip) {
            return;
        }
        CommandChange change = new CommandChange(origin, db, last, command, expireAt, mark, null);
        held.add(change);
        heldBytes += ChangeSize.of(change);
        while (heldBytes > hold && held.size() > 1) {
            passOn(held.remove());
        }
    }

    private void passOn(CommandChange change) throws InterruptedException {
        heldBytes -= ChangeSize.of(change);
        out.accept(change);
        passedOn = change.transaction().index() + 1;
    }

    private void completeBlock(long end) throws InterruptedException {
        while (held.size() > 1) {
            passOn(held.remove());
        }
        if (!held.isEmpty()) {
            out.accept(held.remove().asLast(end, db));
        }
        closeUnit();
        skip = 0;
        cutOff = NO_UNIT;
    }

    private void multi(long first) throws BrokenStreamException {
        if (open != NO_UNIT) {
            throw new BrokenStreamException("MULTI inside of the block that begins at " + open, first);
        }
        open = first;
    }

    private boolean exec(long first, long last) throws BrokenStreamException, InterruptedException {
        if (open == NO_UNIT) {
            throw new BrokenStreamException(
                    "EXEC without MULTI, so that the reading began inside of a transaction", first);
        }
        boolean published = false;
        if (copy != null) {
            if (seen > 0 || copyDb != db) {
                KeyCopies.leftOut(last, "it stands in a transaction with other changes");
            } else {
                published = put(copy, last);
            }
        }
        completeBlock(last);
        counted(last);
        return published;
    }

    private boolean counted(long last) {
        if (open == NO_UNIT) {
            unitEnd = last;
            unitEndDb = db;
        }
        return false;
    }

    private void closeUnit() {
        open = NO_UNIT;
        held.clear();
        heldBytes = 0;
        seen = 0;
        passedOn = 0;
        copy = null;
    }

    private static int database(byte[][] argv, long first) throws BrokenStreamException {
        if (argv.length == 2 && argv[1].length > 0 && argv[1].length < 10) {
            int number = 0;
            for (byte digit : argv[1]) {
                if (digit < '0' || digit > '9') {
                    throw new BrokenStreamException("SELECT of something that is no number", first);
                }
                number = number * 10 + (digit - '0');
            }
            return number;
        }
        throw new BrokenStreamException("SELECT of something that is no database", first);
    }
}
