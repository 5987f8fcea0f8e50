package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;
import static io.millrace.sink.plan.LuaForms.some;
import static io.millrace.sink.plan.Words.is;

import io.millrace.rdb.Loss;
import io.millrace.sink.plan.ClientForm.Step;
import java.util.ArrayList;
import java.util.List;

/** Commands about expiries of hash fields, for destinations without them or without HSETEX. */
final class OlderFieldForm {

    private final Destination destination;
    private final Unsupported unsupported;

    OlderFieldForm(Destination destination, Unsupported unsupported) {
        this.destination = destination;
        this.unsupported = unsupported;
    }

    List<Step> of(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        if (name.text().equals("HSETEX")) {
            return set(name, args);
        }
        if (destination.hasFieldExpiry()) {
            return null;
        }
        if (!name.text().equals("HPERSIST")) {
            unsupported.part(name.text(), Loss.FIELD_EXPIRY.toString());
        }
        return List.of();
    }

    /** HSETEX key [NX|XX|FNX|FXX] [EX|PX|EXAT|PXAT time|KEEPTTL] FIELDS n field value …; the conditions were met. */
    private List<Step> set(CommandName name, byte[][] args) throws PlanRejection, LeftOut {
        int word = 1;
        byte[] at = null;
        boolean keeps = false;
        boolean conditions = false;
        while (word < args.length && !is(args[word], "FIELDS")) {
            if (is(args[word], "PXAT") && word + 1 < args.length) {
                at = args[++word];
            } else if (is(args[word], "KEEPTTL")) {
                keeps = true;
            } else {
                conditions = true;
            }
            word++;
        }
        if (word + 2 >= args.length) {
            return null;
        }
        if (destination.has("HSETEX")) {
            return conditions ? List.of(new Step(name, without(args, at, keeps, word))) : null;
        }
        List<byte[]> hset = new ArrayList<>(List.of(args[0]));
        hset.addAll(some(args, word + 2, args.length));
        Step set = new Step(Names.HSET, hset.toArray(new byte[0][]));
        if (!destination.hasFieldExpiry()) {
            if (at != null) {
                unsupported.part(name.text(), Loss.FIELD_EXPIRY.toString());
            }
            return List.of(set);
        }
        if (keeps) {
            unsupported.whole(name.text(), "the command HSETEX with KEEPTTL");
        }
        if (at == null) {
            return List.of(set);
        }
        List<byte[]> expire = new ArrayList<>(List.of(args[0], at, ascii("FIELDS"), args[word + 1]));
        for (int i = word + 2; i < args.length; i += 2) {
            expire.add(args[i]);
        }
        return List.of(set, new Step(Names.HPEXPIREAT, expire.toArray(new byte[0][])));
    }

    private static byte[][] without(byte[][] args, byte[] at, boolean keeps, int fields) {
        List<byte[]> plain = new ArrayList<>(List.of(args[0]));
        if (at != null) {
            plain.add(ascii("PXAT"));
            plain.add(at);
        } else if (keeps) {
            plain.add(ascii("KEEPTTL"));
        }
        plain.addAll(some(args, fields, args.length));
        return plain.toArray(new byte[0][]);
    }
}
