package io.millrace.source.assemble;

import io.millrace.change.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;

/**
 * Takes a command that is larger than a record apart into several that do the same when they are applied together: a long
 * list of elements in runs, a long string as one write and appends. What cannot be split without a change of meaning is an
 * error. Immutable.
 */
public final class CommandSplitter {

    /** What a record's envelope takes beside the arguments: origin, names, transaction, at most. */
    static final int ENVELOPE = 1024;

    /** What an argument takes beside its bytes: its length. */
    static final int PER_ARGUMENT = 5;

    private final int recordBytes;
    private final int limit;

    /** @param recordBytes the setting record.max.bytes */
    public CommandSplitter(int recordBytes) {
        this.recordBytes = recordBytes;
        this.limit = recordBytes - ENVELOPE;
    }

    boolean isTooLarge(Command command) {
        return size(command.args()) + 4L * command.keys().length + keyCopies(command) > limit;
    }

    /** A record carries its first key two times more: as the change's key and as the record's. */
    private static long keyCopies(Command command) {
        return command.keys().length == 0 ? 0 : 2L * command.firstKey().length;
    }

    /**
     * The commands that together do the same, made one by one as they are taken.
     *
     * @param offset of the command, for messages
     * @throws TooLargeException at once, if some part would still be too large
     */
    Iterator<Command> split(Command command, long offset) throws IOException {
        byte[][] args = command.args();
        return switch (command.name()) {
            case "SET" -> string(command, 0, 1, offset);
            case "SETNX", "GETSET" -> string(command, 0, 1, offset);
            case "SETEX", "PSETEX" -> string(command, 0, 2, offset);
            case "APPEND" -> string(command, 0, 1, offset);
            case "SETRANGE" -> ranges(command, offset);
            case "RPUSH", "LPUSH", "RPUSHX", "LPUSHX", "SADD", "SREM", "HDEL", "ZREM", "PFADD", "XDEL" ->
                runs(command, 1, 1, offset);
            case "XACK" -> runs(command, 2, 1, offset);
            case "HSET", "HMSET" -> runs(command, 1, 2, offset);
            case "ZADD" -> runs(command, zaddFlags(args), 2, offset);
            case "DEL", "UNLINK", "TOUCH" -> runs(command, 0, 1, offset);
            // MSETNX is propagated only when it has set all its keys, and then it did what MSET does.
            case "MSET", "MSETNX" ->
                hasLargePair(args)
                        ? pairs(command, offset)
                        : runs(new Command("MSET", args, command.keys()), 0, 2, offset);
            default -> throw tooLarge(command, size(args), offset);
        };
    }

    /** A write of the string's head with all options, then appends, which leave the expiry alone. */
    private Iterator<Command> string(Command command, int key, int value, long offset) throws TooLargeException {
        byte[][] args = command.args();
        byte[] whole = arg(command, value, offset);
        long rest = size(args) - whole.length;
        int room = room(command, keyCopies(command) + args[key].length + rest, offset);
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < whole.length;
            }

            @Override
            public Command next() {
                byte[] range = Arrays.copyOfRange(whole, at, Math.min(whole.length, at + room));
                boolean head = at == 0;
                at += range.length;
                if (head) {
                    byte[][] first = args.clone();
                    first[value] = range;
                    return new Command(command.name(), first, command.keys());
                }
                return new Command("APPEND", new byte[][] {args[key], range}, new int[] {0});
            }
        };
    }

    private Iterator<Command> ranges(Command command, long offset) throws IOException {
        byte[][] args = command.args();
        byte[] whole = arg(command, 2, offset);
        long start = number(args[1], command, offset);
        int room = room(command, keyCopies(command) + args[0].length + 24, offset);
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < whole.length;
            }

            @Override
            public Command next() {
                byte[] range = Arrays.copyOfRange(whole, at, Math.min(whole.length, at + room));
                byte[] from = Long.toString(start + at).getBytes(StandardCharsets.US_ASCII);
                at += range.length;
                return new Command(command.name(), new byte[][] {args[0], from, range}, command.keys());
            }
        };
    }

    /** Runs of groups of {@code step} arguments, each after the first {@code fixed} ones. */
    private Iterator<Command> runs(Command command, int fixed, int step, long offset) throws TooLargeException {
        byte[][] args = command.args();
        if (args.length <= fixed || (args.length - fixed) % step != 0) {
            throw tooLarge(command, size(args), offset);
        }
        byte[][] head = Arrays.copyOf(args, fixed);
        int room = room(command, size(head) + (fixed == 0 ? 0 : keyCopies(command)), offset);
        for (int i = fixed; i < args.length; i += step) {
            long group = group(args, i, fixed, step);
            if (group > room) {
                throw tooLarge(command, group, offset);
            }
        }
        return new Iterator<>() {
            private int at = fixed;

            @Override
            public boolean hasNext() {
                return at < args.length;
            }

            @Override
            public Command next() {
                int end = at;
                long bytes = 0;
                do {
                    bytes += group(args, end, fixed, step);
                    end += step;
                } while (end < args.length && bytes + group(args, end, fixed, step) <= room);
                byte[][] part = Arrays.copyOf(head, fixed + end - at);
                System.arraycopy(args, at, part, fixed, end - at);
                at = end;
                return new Command(command.name(), part, fixed == 0 ? every(step, part.length) : command.keys());
            }
        };
    }

    private boolean hasLargePair(byte[][] args) {
        for (int i = 0; i + 1 < args.length; i += 2) {
            if (group(args, i, 0, 2) > limit - 4L * PER_ARGUMENT) {
                return true;
            }
        }
        return false;
    }

    /** Bytes of one group; where it begins with a key, that may be a record's first. */
    private static long group(byte[][] args, int at, int fixed, int step) {
        return size(args, at, at + step) + (fixed == 0 ? 2L * args[at].length + 4 : 0);
    }

    /** One SET a pair, which can be split on. */
    private Iterator<Command> pairs(Command command, long offset) throws IOException {
        byte[][] args = command.args();
        if (args.length % 2 != 0) {
            throw tooLarge(command, size(args), offset);
        }
        for (int i = 0; i < args.length; i += 2) {
            room(command, 3L * args[i].length, offset);
        }
        return new Iterator<>() {
            private int at;
            private Iterator<Command> parts = Collections.emptyIterator();

            @Override
            public boolean hasNext() {
                return parts.hasNext() || at < args.length;
            }

            @Override
            public Command next() {
                if (parts.hasNext()) {
                    return parts.next();
                }
                Command set = new Command("SET", new byte[][] {args[at], args[at + 1]}, new int[] {0});
                at += 2;
                if (!isTooLarge(set)) {
                    return set;
                }
                try {
                    parts = string(set, 0, 1, offset);
                } catch (TooLargeException e) {
                    throw new IllegalStateException("a key that was found short enough is not", e);
                }
                return parts.next();
            }
        };
    }

    /** Bytes of one part beside {@code fixed} ones that each part repeats; at least 1. */
    private int room(Command command, long fixed, long offset) throws TooLargeException {
        long room = limit - fixed - 4L * PER_ARGUMENT;
        if (room < Math.min(limit / 4, 1024)) {
            throw tooLarge(command, size(command.args()), offset);
        }
        return (int) room;
    }

    private byte[] arg(Command command, int index, long offset) throws TooLargeException {
        byte[][] args = command.args();
        if (index >= args.length || args[index].length == 0) {
            throw tooLarge(command, size(args), offset);
        }
        return args[index];
    }

    private static int zaddFlags(byte[][] args) {
        int at = 1;
        while (at < args.length && isZaddFlag(args[at])) {
            at++;
        }
        return at;
    }

    /** NX, XX, GT, LT and CH hold for each member alone; a score is none of them. INCR takes a single member. */
    private static boolean isZaddFlag(byte[] arg) {
        if (arg.length != 2) {
            return false;
        }
        int a = arg[0] & 0xdf;
        int b = arg[1] & 0xdf;
        return (a == 'N' && b == 'X')
                || (a == 'X' && b == 'X')
                || (a == 'G' && b == 'T')
                || (a == 'L' && b == 'T')
                || (a == 'C' && b == 'H');
    }

    private long number(byte[] digits, Command command, long offset) throws TooLargeException {
        try {
            return Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw tooLarge(command, size(command.args()), offset);
        }
    }

    private TooLargeException tooLarge(Command command, long bytes, long offset) {
        return new TooLargeException("The command " + command.name(), command.firstKey(), bytes, recordBytes, offset);
    }

    private static int[] every(int step, int count) {
        int[] positions = new int[count / step];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i * step;
        }
        return positions;
    }

    private static long size(byte[][] args) {
        return size(args, 0, args.length);
    }

    private static long size(byte[][] args, int from, int to) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += args[i].length + PER_ARGUMENT;
        }
        return bytes;
    }
}
