package io.millrace.source.assemble;

import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.TransactionMark;
import java.io.IOException;
import java.util.Iterator;

/**
 * Makes changes of the command stream, unit by unit. A unit is one write command or a whole MULTI…EXEC; what only serves
 * the link (PING, REPLCONF, SELECT) is counted and not published.
 *
 * <p>A block is passed on as it comes, one change behind, because only EXEC tells which change is the last: a block of any
 * size needs the memory of one command. The last change of a block carries the offset of its EXEC, so that the offset of
 * every change that completes a unit is the offset to continue from. After a lost connection the master sends an unfinished
 * block again; {@link #resume} sees to it that what was passed on is not passed on twice.
 *
 * <p>Owned by the thread that reads the link.
 */
public final class UnitAssembler {

    private static final long NO_UNIT = -1;

    private final CommandDictionary commands;
    private final CommandSplitter splitter;
    private final ChangeOutput out;

    private Origin origin;
    private int db;
    private long unitEnd;
    private int unitEndDb;

    /** Offset of the first byte of the open MULTI, or {@link #NO_UNIT}. */
    private long open = NO_UNIT;

    /** The latest change of the open block, withheld until it is known whether another follows. */
    private CommandChange withheld;

    /** Changes of the open block that were seen, and how many of them were passed on. */
    private int seen;

    private int passedOn;

    /** A block that was cut off by a lost connection: where it begins, and how many of its changes were passed on. */
    private long cutOff = NO_UNIT;

    private int skip;

    public UnitAssembler(CommandDictionary commands, CommandSplitter splitter, ChangeOutput out) {
        this.commands = commands;
        this.splitter = splitter;
        this.out = out;
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

    /** Goes on at {@link #unitEnd()} on a new connection. */
    public void resume(Origin from) {
        origin = from;
        db = unitEndDb;
        if (open != NO_UNIT) {
            // A second loss inside of the same block must not forget what was passed on before the first one.
            skip = open == cutOff ? Math.max(skip, passedOn) : passedOn;
            cutOff = open;
        }
        closeUnit();
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
            case EXEC -> {
                exec(first, last);
                yield false;
            }
        };
    }

    private boolean write(KnownCommand known, byte[][] argv, long first, long last)
            throws IOException, InterruptedException {
        if (open == NO_UNIT && cutOff != NO_UNIT) {
            throw vanished(first);
        }
        Command command = commands.command(known, argv);
        if (ReservedKeys.onlyIn(command)) {
            return counted(last);
        }
        long expireAt = commands.expireAt(argv);
        if (splitter.isTooLarge(command)) {
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

    /** Adds a change to the block that begins at {@code id}, and passes on the one before it. */
    private void follow(Command command, long last, long expireAt, long id) throws InterruptedException {
        passOnWithheld();
        TransactionMark mark = new TransactionMark(id, seen++, false);
        withheld = new CommandChange(origin, db, last, command, expireAt, mark, null);
    }

    private void passOnWithheld() throws InterruptedException {
        if (withheld == null) {
            return;
        }
        if (withheld.transaction().index() >= skip) {
            out.accept(withheld);
        }
        passedOn = seen;
        withheld = null;
    }

    private void completeBlock(long end) throws InterruptedException {
        if (withheld != null) {
            CommandChange w = withheld;
            TransactionMark mark =
                    new TransactionMark(w.transaction().id(), w.transaction().index(), true);
            withheld = new CommandChange(w.origin(), w.db(), end, w.command(), w.expireAt(), mark, w.reason());
            passOnWithheld();
        }
        closeUnit();
        skip = 0;
        cutOff = NO_UNIT;
    }

    private void multi(long first) throws BrokenStreamException {
        if (open != NO_UNIT) {
            throw new BrokenStreamException("MULTI inside of the block that begins at " + open, first);
        }
        if (cutOff != NO_UNIT && first != cutOff) {
            throw vanished(first);
        }
        open = first;
    }

    private void exec(long first, long last) throws BrokenStreamException, InterruptedException {
        if (open == NO_UNIT) {
            throw new BrokenStreamException(
                    "EXEC without MULTI, so that the reading began inside of a transaction", first);
        }
        completeBlock(last);
        counted(last);
    }

    /** The stream of one history never changes: a block that was cut off begins at the same place again. */
    private BrokenStreamException vanished(long first) {
        return new BrokenStreamException(
                "the block that began at " + cutOff + " before the connection was lost is not there any more", first);
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
        withheld = null;
        seen = 0;
        passedOn = 0;
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
