package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;
import static io.millrace.sink.plan.LuaForms.script;
import static io.millrace.sink.plan.LuaForms.some;
import static io.millrace.sink.plan.Words.is;

import io.millrace.change.StreamId;
import io.millrace.rdb.Loss;
import io.millrace.sink.plan.ClientForm.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands about streams, for destinations that lack their options (Redis 6.2, 7.0, 8.2 and 8.6 added some). */
final class OlderStreamForm {

    private static final CommandName XREADGROUP = CommandName.of("XREADGROUP");

    private final Destination destination;
    private final Unsupported unsupported;

    OlderStreamForm(Destination destination, Unsupported unsupported) {
        this.destination = destination;
        this.unsupported = unsupported;
    }

    List<Step> of(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        if (!destination.hasStreams()) {
            unsupported.whole(name.text(), Loss.STREAM.toString());
        }
        return switch (name.text()) {
            case "XGROUP" -> group(name, args);
            case "XSETID" ->
                destination.hasFunctionsAndStreamCounters() || args.length < 3
                        ? null
                        : List.of(new Step(name, Arrays.copyOf(args, 2)));
            case "XADD", "XTRIM" -> trimming(name, args);
            case "XDELEX" -> destination.has("XDELEX") ? null : List.of(delete(name, args, 1, null));
            case "XACKDEL" -> destination.has("XACKDEL") ? null : List.of(delete(name, args, 2, args[1]));
            default -> {
                if (destination.has(name.text())) {
                    yield null;
                }
                unsupported.part(name.text(), Loss.PRODUCERS.toString());
                yield List.of();
            }
        };
    }

    private List<Step> group(CommandName name, byte[][] args) {
        if (args.length >= 4 && is(args[0], "CREATECONSUMER") && !destination.hasCreateConsumer()) {
            return List.of(consumer(args[1], args[2], args[3]));
        }
        if (destination.hasFunctionsAndStreamCounters()) {
            return null;
        }
        for (int i = 4; i + 1 < args.length; i++) {
            if (is(args[i], "ENTRIESREAD")) {
                List<byte[]> plain = new ArrayList<>(Arrays.asList(args));
                plain.subList(i, i + 2).clear();
                return List.of(new Step(name, plain.toArray(new byte[0][])));
            }
        }
        return null;
    }

    /** Reading its own history makes a consumer that is not there, and changes nothing else (t_stream.c, xreadCommand). */
    static Step consumer(byte[] key, byte[] group, byte[] consumer) {
        return new Step(XREADGROUP, new byte[][] {
            ascii("GROUP"), group, consumer, ascii("COUNT"), ascii(1), ascii("STREAMS"), key, ascii(0)
        });
    }

    /** XADD key [options] id field value …, and XTRIM key MAXLEN|MINID [=|~] threshold [options]. */
    private List<Step> trimming(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        boolean add = name.text().equals("XADD");
        List<byte[]> options = new ArrayList<>();
        String references = null;
        byte[] minimum = null;
        byte[] threshold = null;
        int at = 1;
        for (; at < args.length; at++) {
            if (is(args[at], "KEEPREF") || is(args[at], "DELREF") || is(args[at], "ACKED")) {
                references = is(args[at], "KEEPREF") ? "KEEPREF" : is(args[at], "DELREF") ? "DELREF" : "ACKED";
            } else if (is(args[at], "MAXLEN") || is(args[at], "MINID")) {
                int value = at + (at + 1 < args.length && (is(args[at + 1], "=") || is(args[at + 1], "~")) ? 2 : 1);
                if (value >= args.length) {
                    return null;
                }
                threshold = args[value];
                minimum = is(args[at], "MINID") ? threshold : null;
                options = new ArrayList<>(some(args, at, value + 1));
                at = value;
            } else if (is(args[at], "LIMIT")) {
                at++;
            } else if (!is(args[at], "NOMKSTREAM")) {
                break;
            }
        }
        boolean known = references == null || destination.hasReferenceOptions();
        boolean all = destination.hasMinIdAndNoMkStream();
        if (known && (all || (minimum == null && !(add && hasNoMkStream(args, at))))) {
            return null;
        }
        if (!known && !references.equals("KEEPREF") && threshold != null) {
            unsupported.whole(name.text(), name.text() + " with " + references);
        }
        List<Step> steps = new ArrayList<>();
        if (add) {
            List<byte[]> plain = new ArrayList<>(List.of(args[0]));
            plain.addAll(minimum == null || all ? options : List.of());
            plain.addAll(some(args, at, args.length));
            steps.add(new Step(name, plain.toArray(new byte[0][])));
        } else if (minimum == null || all) {
            options.add(0, args[0]);
            steps.add(new Step(name, options.toArray(new byte[0][])));
        }
        if (minimum != null && !all) {
            byte[] last = before(minimum);
            if (last != null) {
                steps.add(script(LuaForms.DELETE_UP_TO, List.of(args[0]), List.of(last)));
            }
        }
        return steps;
    }

    private static boolean hasNoMkStream(byte[][] args, int end) {
        for (int i = 1; i < end; i++) {
            if (is(args[i], "NOMKSTREAM")) {
                return true;
            }
        }
        return false;
    }

    /** The id before one, or null for the first. */
    private static byte[] before(byte[] text) {
        String id = new String(text, StandardCharsets.ISO_8859_1);
        int dash = id.indexOf('-');
        long millis = Long.parseUnsignedLong(dash < 0 ? id : id.substring(0, dash));
        long sequence = dash < 0 ? 0 : Long.parseUnsignedLong(id.substring(dash + 1));
        if (sequence == 0 && millis == 0) {
            return null;
        }
        return ascii((sequence == 0 ? new StreamId(millis - 1, -1) : new StreamId(millis, sequence - 1)).toString());
    }

    /** XDELEX key [KEEPREF|DELREF|ACKED] IDS n id …, and XACKDEL key group with the same. */
    private Step delete(CommandName name, byte[][] args, int from, byte[] group) throws PlanRejection, LeftOut {
        int ids = from;
        boolean forget = false;
        while (ids < args.length && !is(args[ids], "IDS")) {
            if (is(args[ids], "ACKED")) {
                unsupported.whole(name.text(), name.text() + " with ACKED");
            }
            forget |= is(args[ids], "DELREF");
            ids++;
        }
        List<byte[]> argv = new ArrayList<>(List.of(group == null ? new byte[0] : group, ascii(forget ? 1 : 0)));
        argv.addAll(some(args, Math.min(ids + 2, args.length), args.length));
        return script(LuaForms.DELETE_ENTRIES, List.of(args[0]), argv);
    }
}
