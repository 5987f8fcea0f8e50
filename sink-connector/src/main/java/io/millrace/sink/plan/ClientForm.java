package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import io.millrace.change.CommandChange;
import io.millrace.change.Origin;
import io.millrace.command.Command;
import io.millrace.command.Expiry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Commands in the form in which a master sends them to its replicas, where that form means something else, or is refused, when
 * a client sends it, and later.
 *
 * <ul>
 *   <li>An expiry that is applied late is written in its deferred form ({@link ExpiryDeferral}). The conditions of EXPIRE (NX,
 *       XX, GT, LT) are left out: they were met at the source, else the command would not have been propagated.
 *   <li>Redis before 7.0 propagates SETEX, PSETEX, SET … EX|PX, EXPIRE, PEXPIRE and RESTORE with the time from now on. The log
 *       may be read hours later, so the expiry is counted from when the change was captured.
 *   <li>XADD and XTRIM with ~ and LIMIT are propagated with = and what is left, and LIMIT stays, which only a master may say
 *       without ~ (t_stream.c, streamParseAddOrTrimArgsOrReply).
 *   <li>Redis 8.6 propagates XADD … IDMP with the id that it chose, which it takes from its master alone (t_stream.c); clients
 *       add the entry and then say which producer it is of (XIDMPRECORD). With {@code *} instead of an id, the entry had been
 *       there and none was added. For IDMPAUTO the server makes the producer's id of the entry from its content; a client cannot
 *       say it, so the entry is added without one.
 * </ul>
 */
final class ClientForm {

    /** One command of the destination. */
    record Step(CommandName name, byte[][] args) {}

    private static final CommandName XIDMPRECORD = CommandName.of("XIDMPRECORD");
    private static final byte[] PXAT = ascii("PXAT");
    private static final byte[] ABSTTL = ascii("ABSTTL");

    private final Destination destination;

    private final ExpiryDeferral expiries;

    ClientForm(Destination destination, ExpiryDeferral expiries) {
        this.destination = destination;
        this.expiries = expiries;
    }

    /** What to send instead, in order; null when the command can be sent as it is. */
    List<Step> of(CommandChange change, CommandName name, Command command, byte[][] args) {
        if (command == null) {
            return null;
        }
        return switch (name.text()) {
            case "XADD" -> adding(name, args);
            case "XTRIM" -> trimming(name, args);
            case "SET" -> args.length < 3 ? null : expiring(change, name, command, args);
            case "SETEX", "PSETEX", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT", "RESTORE", "GETEX", "MSETEX" ->
                expiring(change, name, command, args);
            default -> null;
        };
    }

    private List<Step> expiring(CommandChange change, CommandName name, Command command, byte[][] args) {
        byte[][] argv = new byte[args.length + 1][];
        argv[0] = name.bytes();
        System.arraycopy(args, 0, argv, 1, args.length);
        Expiry expiry = command.expiry(argv);
        if (expiry == null || expiry.ofFields()) {
            return null;
        }
        long exact = expiry.atMillis(executedAt(change.origin()));
        long written = expiries.of(exact);
        boolean expire = name.text().endsWith("EXPIRE") || name.text().endsWith("EXPIREAT");
        boolean known = !name.text().equals("SET") || destination.hasSetAt();
        if (expiry.absolute() && written == exact && !(expire && args.length > 2) && known) {
            return null;
        }
        // At 0 or before, PXAT is refused, and 1 is as much in the past.
        byte[] at = ascii(Math.max(1, written));
        if (expire) {
            return List.of(new Step(Names.PEXPIREAT, new byte[][] {args[0], at}));
        }
        int position = expiry.position() - 1;
        return switch (name.text()) {
            case "RESTORE" ->
                destination.hasAbsoluteTtl() ? List.of(restore(name, args, position, at, expiry.absolute())) : null;
            case "SET" -> set(args, position, at);
            case "SETEX", "PSETEX" -> set(new byte[][] {args[0], args[2], null, args[1]}, 3, at);
            default -> List.of(new Step(name, withTime(args, position, at)));
        };
    }

    /** @param position of the number, which the word for its unit stands before */
    private List<Step> set(byte[][] args, int position, byte[] at) {
        if (destination.hasSetAt()) {
            return List.of(new Step(Names.SET, withTime(args, position, at)));
        }
        List<byte[]> plain = new ArrayList<>(Arrays.asList(args));
        plain.subList(position - 1, position + 1).clear();
        return List.of(
                new Step(Names.SET, plain.toArray(new byte[0][])),
                new Step(Names.PEXPIREAT, new byte[][] {args[0], at}));
    }

    private static byte[][] withTime(byte[][] args, int position, byte[] at) {
        byte[][] absolute = args.clone();
        absolute[position - 1] = PXAT;
        absolute[position] = at;
        return absolute;
    }

    private static Step restore(CommandName name, byte[][] args, int position, byte[] at, boolean absolute) {
        byte[][] rewritten = absolute ? args.clone() : Arrays.copyOf(args, args.length + 1);
        rewritten[position] = at;
        if (!absolute) {
            rewritten[args.length] = ABSTTL;
        }
        return new Step(name, rewritten);
    }

    private static long executedAt(Origin origin) {
        return origin.sourceTime() == Origin.UNKNOWN ? origin.capturedAt() : origin.sourceTime();
    }

    private static List<Step> adding(CommandName name, byte[][] args) {
        byte[][] exact = withoutLimit(args);
        List<Step> steps = producer(name, exact);
        return steps == null && exact != args ? List.of(new Step(name, exact)) : steps;
    }

    private static List<Step> trimming(CommandName name, byte[][] args) {
        byte[][] exact = withoutLimit(args);
        return exact == args ? null : List.of(new Step(name, exact));
    }

    /** The same array unless it has MAXLEN or MINID without ~ and then LIMIT n. */
    private static byte[][] withoutLimit(byte[][] args) {
        for (int at = 1; at + 2 < args.length; at++) {
            if (is(args[at], "MAXLEN") || is(args[at], "MINID")) {
                int limit = at + (is(args[at + 1], "=") ? 3 : 2);
                if (is(args[at + 1], "~") || limit + 1 >= args.length || !is(args[limit], "LIMIT")) {
                    return args;
                }
                List<byte[]> exact = new ArrayList<>(Arrays.asList(args));
                exact.subList(limit, limit + 2).clear();
                return exact.toArray(new byte[0][]);
            }
            if (isId(args[at])) {
                return args;
            }
        }
        return args;
    }

    /** Where the options of XADD end. */
    private static boolean isId(byte[] arg) {
        return arg.length > 0 && (arg[0] == '*' || (arg[0] >= '0' && arg[0] <= '9'));
    }

    /** XADD key [NOMKSTREAM] [KEEPREF|DELREF|ACKED] [IDMPAUTO pid | IDMP pid iid] [MAXLEN|MINID …] id field value … */
    private static List<Step> producer(CommandName name, byte[][] args) {
        int named = -1;
        for (int at = 1; at < args.length; at++) {
            if (is(args[at], "IDMP") || is(args[at], "IDMPAUTO")) {
                named = at;
                at += is(args[at], "IDMP") ? 2 : 1;
            } else if (is(args[at], "MAXLEN") || is(args[at], "MINID")) {
                at += at + 1 < args.length && (is(args[at + 1], "=") || is(args[at + 1], "~")) ? 2 : 1;
            } else if (is(args[at], "LIMIT")) {
                at++;
            } else if (!is(args[at], "NOMKSTREAM")
                    && !is(args[at], "KEEPREF")
                    && !is(args[at], "DELREF")
                    && !is(args[at], "ACKED")) {
                return named < 0 ? null : withoutProducer(name, args, named, at);
            }
        }
        return null;
    }

    private static List<Step> withoutProducer(CommandName name, byte[][] args, int named, int id) {
        if (is(args[id], "*")) {
            return List.of();
        }
        boolean auto = is(args[named], "IDMPAUTO");
        List<byte[]> plain = new ArrayList<>(Arrays.asList(args));
        plain.subList(named, named + (auto ? 2 : 3)).clear();
        Step add = new Step(name, plain.toArray(new byte[0][]));
        if (auto) {
            return List.of(add);
        }
        return List.of(add, new Step(XIDMPRECORD, new byte[][] {args[0], args[named + 1], args[named + 2], args[id]}));
    }

    private static boolean is(byte[] arg, String word) {
        return arg.length == word.length() && new String(arg, StandardCharsets.ISO_8859_1).equalsIgnoreCase(word);
    }
}
