package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;
import static io.millrace.sink.plan.LuaForms.script;
import static io.millrace.sink.plan.LuaForms.some;
import static io.millrace.sink.plan.Words.is;

import io.millrace.rdb.Loss;
import io.millrace.rdb.PayloadRewriter;
import io.millrace.rdb.RdbFormatException;
import io.millrace.rdb.Rewritten;
import io.millrace.sink.plan.ClientForm.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Commands in a form that a destination knows which is older than the source, or of the other family. What is sent instead leaves
 * the same value; where nothing does, {@link Unsupported} decides.
 *
 * <p>Which command a master propagates was seen at Redis 8.6 and Valkey 9.1: conditions (IFEQ and the like) come along and were
 * met, counts of LPOP and MIN/MAX of ZMPOP arrive as LPOP key n and ZPOPMIN key n, HGETEX as HPEXPIREAT or HPERSIST.
 */
final class OlderForm {

    private static final CommandName GEORADIUS = CommandName.of("GEORADIUS");
    private static final CommandName GEORADIUSBYMEMBER = CommandName.of("GEORADIUSBYMEMBER");
    private static final CommandName HDEL = CommandName.of("HDEL");
    private static final CommandName MSET = CommandName.of("MSET");
    private static final CommandName RPOPLPUSH = CommandName.of("RPOPLPUSH");
    private static final byte[] MINUS_ONE = ascii(-1);
    private static final byte[] ZERO = ascii(0);

    private final Destination destination;
    private final Unsupported unsupported;
    private final PayloadRewriter payloads;
    private final OlderStreamForm streams;
    private final OlderFieldForm fields;

    OlderForm(Destination destination, Unsupported unsupported) {
        this.destination = destination;
        this.unsupported = unsupported;
        this.payloads = destination.payloads();
        this.streams = new OlderStreamForm(destination, unsupported);
        this.fields = new OlderFieldForm(destination, unsupported);
    }

    /** What to send instead, in order; null when the destination knows the command as it is. */
    List<Step> of(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        return switch (name.text()) {
            case "SET" -> set(name, args);
            case "RESTORE", "RESTORE-ASKING" -> restore(name, args);
            case "FUNCTION" -> destination.has("FUNCTION") ? functions(name, args) : replaced(name, args);
            case "FLUSHALL", "FLUSHDB" ->
                destination.hasFlushSync() || args.length == 0 || !is(args[0], "SYNC")
                        ? null
                        : List.of(new Step(name, new byte[0][]));
            case "GEOSEARCHSTORE" ->
                destination.hasPolygons() || !hasWord(args, "BYPOLYGON") ? asKnown(name, args) : replaced(name, args);
            case "LPOP", "RPOP" -> destination.hasPopCount() || args.length < 2 ? null : pop(name, args);
            case "ZADD" -> destination.hasZaddConditions() ? null : zadd(args);
            case "BITOP" -> args.length < 3 || destination.hasBitOperation(args[0]) ? null : bits(args);
            case "HEXPIRE", "HPEXPIRE", "HEXPIREAT", "HPEXPIREAT", "HPERSIST", "HSETEX" -> fields.of(name, args);
            case "XADD", "XTRIM", "XGROUP", "XSETID", "XDELEX", "XACKDEL", "XIDMPRECORD", "XCFGSET" ->
                streams.of(name, args);
            default -> asKnown(name, args);
        };
    }

    private List<Step> asKnown(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        return destination.has(name.text()) ? null : replaced(name, args);
    }

    private static boolean hasWord(byte[][] args, String word) {
        for (int i = 2; i < args.length; i++) {
            if (is(args[i], word)) {
                return true;
            }
        }
        return false;
    }

    private List<Step> replaced(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        switch (name.text()) {
            case "LMOVE" -> {
                if (args.length == 4) {
                    return List.of(move(args));
                }
            }
            case "COPY" -> {
                return List.of(copy(args));
            }
            case "ZRANGESTORE" -> {
                return List.of(range(args));
            }
            case "ZDIFFSTORE" -> {
                List<byte[]> keys = new ArrayList<>(List.of(args[0]));
                keys.addAll(some(args, 2, args.length));
                return List.of(script(LuaForms.STORE_DIFFERENCE, keys, List.of()));
            }
            case "GEOSEARCHSTORE" -> {
                Step step = search(args);
                if (step != null) {
                    return List.of(step);
                }
            }
            case "MSETEX" -> {
                return several(args);
            }
            case "DELEX", "DELIFEQ", "GETDEL" -> {
                return List.of(new Step(Names.DEL, new byte[][] {args[0]}));
            }
            case "HGETDEL" -> {
                // HGETDEL key FIELDS n field ...
                List<byte[]> del = new ArrayList<>(List.of(args[0]));
                del.addAll(some(args, 3, args.length));
                return List.of(new Step(HDEL, del.toArray(new byte[0][])));
            }
            case "VADD", "VREM", "VSETATTR" -> unsupported.whole(name.text(), Loss.VECTOR_SET.toString());
            case "FUNCTION" -> unsupported.whole(name.text(), "a function library");
            default -> {
                // What the table does not know may be a module's.
            }
        }
        unsupported.whole(name.text(), "the command " + name.text() + " with these arguments");
        return null;
    }

    /** SET … IFEQ, IFNE, IFDEQ, IFDNE value: what was met at the source need not be asked again. */
    private List<Step> set(CommandName name, byte[][] args) {
        for (int i = 2; i + 1 < args.length; i++) {
            if (is(args[i], "IFEQ") || is(args[i], "IFNE") || is(args[i], "IFDEQ") || is(args[i], "IFDNE")) {
                if (destination.hasSetCondition(args[i])) {
                    return null;
                }
                List<byte[]> plain = new ArrayList<>(Arrays.asList(args));
                plain.subList(i, i + 2).clear();
                return List.of(new Step(name, plain.toArray(new byte[0][])));
            }
            if (is(args[i], "PXAT") || is(args[i], "EXAT")) {
                i++;
            }
        }
        return null;
    }

    private List<Step> restore(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        if (args.length < 3) {
            return null;
        }
        try {
            Rewritten rewritten = payloads.rewrite(args[2]);
            unsupported.losses(name.text(), rewritten.losses());
            if (rewritten.payload() == args[2]) {
                return null;
            }
            byte[][] other = args.clone();
            other[2] = rewritten.payload();
            return List.of(new Step(name, other));
        } catch (RdbFormatException e) {
            // The destination judges what the source has taken.
            return null;
        }
    }

    /** FUNCTION RESTORE payload [policy]. */
    private List<Step> functions(CommandName name, byte[][] args) {
        if (args.length < 2 || !is(args[0], "RESTORE")) {
            return null;
        }
        try {
            byte[][] other = args.clone();
            other[1] = payloads.functions(args[1]);
            return List.of(new Step(name, other));
        } catch (RdbFormatException e) {
            return null;
        }
    }

    private static List<Step> pop(CommandName name, byte[][] args) {
        byte[][] trim = name.text().equals("LPOP")
                ? new byte[][] {args[0], args[1], MINUS_ONE}
                : new byte[][] {args[0], ZERO, ascii(-1 - Words.number(args[1]))};
        return List.of(new Step(Names.LTRIM, trim));
    }

    private static Step move(byte[][] args) {
        boolean fromLeft = is(args[2], "LEFT");
        boolean toLeft = is(args[3], "LEFT");
        if (!fromLeft && toLeft) {
            return new Step(RPOPLPUSH, new byte[][] {args[0], args[1]});
        }
        return script(
                LuaForms.MOVE_ELEMENT,
                List.of(args[0], args[1]),
                List.of(ascii(fromLeft ? "LPOP" : "RPOP"), ascii(toLeft ? "LPUSH" : "RPUSH")));
    }

    private static Step copy(byte[][] args) {
        byte[] db = {};
        for (int i = 2; i + 1 < args.length; i++) {
            if (is(args[i], "DB")) {
                db = args[i + 1];
            }
        }
        return script(LuaForms.COPY, List.of(args[0], args[1]), List.of(db));
    }

    /** ZRANGESTORE to from start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count]. */
    private static Step range(byte[][] args) {
        String by = "";
        boolean reverse = false;
        List<byte[]> limit = List.of();
        for (int i = 4; i < args.length; i++) {
            if (is(args[i], "REV")) {
                reverse = true;
            } else if (is(args[i], "BYSCORE") || is(args[i], "BYLEX")) {
                by = is(args[i], "BYSCORE") ? "BYSCORE" : "BYLEX";
            } else if (is(args[i], "LIMIT") && i + 2 < args.length) {
                limit = some(args, i, i + 3);
                i += 2;
            }
        }
        List<byte[]> read = new ArrayList<>();
        read.add(ascii((reverse ? "ZREVRANGE" : "ZRANGE") + by));
        read.addAll(some(args, 1, 4));
        boolean scores = !by.equals("BYLEX");
        if (scores) {
            read.add(ascii("WITHSCORES"));
        }
        read.addAll(limit);
        return script(scores ? LuaForms.STORE_SCORED : LuaForms.STORE_MEMBERS, List.of(args[0], args[1]), read);
    }

    /** GEOSEARCHSTORE to from FROMMEMBER m|FROMLONLAT x y BYRADIUS r unit …; null for what GEORADIUS cannot say. */
    private static Step search(byte[][] args) {
        List<byte[]> around = null;
        List<byte[]> rest = new ArrayList<>();
        List<byte[]> radius = null;
        byte[] store = ascii("STORE");
        boolean member = false;
        for (int i = 2; i < args.length; i++) {
            if (is(args[i], "FROMMEMBER") && i + 1 < args.length) {
                member = true;
                around = some(args, i + 1, i + 2);
                i++;
            } else if (is(args[i], "FROMLONLAT") && i + 2 < args.length) {
                around = some(args, i + 1, i + 3);
                i += 2;
            } else if (is(args[i], "BYRADIUS") && i + 2 < args.length) {
                radius = some(args, i + 1, i + 3);
                i += 2;
            } else if (is(args[i], "STOREDIST")) {
                store = ascii("STOREDIST");
            } else if (is(args[i], "COUNT") && i + 1 < args.length) {
                rest.addAll(some(args, i, i + 2));
                i++;
            } else if (is(args[i], "ASC") || is(args[i], "DESC")) {
                rest.add(args[i]);
            } else {
                return null;
            }
        }
        if (around == null || radius == null) {
            return null;
        }
        List<byte[]> all = new ArrayList<>(List.of(args[1]));
        all.addAll(around);
        all.addAll(radius);
        all.addAll(rest);
        all.add(store);
        all.add(args[0]);
        return new Step(member ? GEORADIUSBYMEMBER : GEORADIUS, all.toArray(new byte[0][]));
    }

    /** MSETEX n key value … [NX|XX] [PXAT at|EXAT at|KEEPTTL]: relative times have been made absolute. */
    private List<Step> several(byte[][] args) {
        int end = (int) Math.min(args.length, 1 + 2 * Words.number(args[0]));
        List<byte[]> options = new ArrayList<>();
        for (int i = end; i < args.length; i++) {
            if (!is(args[i], "NX") && !is(args[i], "XX")) {
                options.add(args[i]);
            }
        }
        if (options.isEmpty()) {
            return List.of(new Step(MSET, some(args, 1, end).toArray(new byte[0][])));
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i + 1 < end; i += 2) {
            List<byte[]> set = new ArrayList<>(List.of(args[i], args[i + 1]));
            boolean at = options.size() == 2 && is(options.get(0), "PXAT");
            if (at && !destination.hasSetAt()) {
                steps.add(new Step(Names.SET, set.toArray(new byte[0][])));
                steps.add(new Step(Names.PEXPIREAT, new byte[][] {args[i], options.get(1)}));
            } else {
                set.addAll(options);
                steps.add(new Step(Names.SET, set.toArray(new byte[0][])));
            }
        }
        return steps;
    }

    private static List<Step> zadd(byte[][] args) {
        String condition = null;
        boolean existing = false;
        boolean adding = false;
        int at = 1;
        for (boolean option = true; option && at < args.length; ) {
            if (is(args[at], "GT") || is(args[at], "LT")) {
                condition = is(args[at], "GT") ? "GT" : "LT";
            } else if (is(args[at], "XX")) {
                existing = true;
            } else if (is(args[at], "INCR")) {
                adding = true;
            } else if (!is(args[at], "CH") && !is(args[at], "NX")) {
                option = false;
            }
            at += option ? 1 : 0;
        }
        if (condition == null) {
            return null;
        }
        List<byte[]> argv = new ArrayList<>(List.of(ascii(condition), ascii(existing ? 1 : 0), ascii(adding ? 1 : 0)));
        argv.addAll(some(args, at, args.length));
        return List.of(script(LuaForms.ADD_IF, List.of(args[0]), argv));
    }

    private static List<Step> bits(byte[][] args) {
        byte[] operation = ascii(new String(args[0], StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT));
        return List.of(script(LuaForms.COMBINE_BITS, some(args, 1, args.length), List.of(operation)));
    }
}
