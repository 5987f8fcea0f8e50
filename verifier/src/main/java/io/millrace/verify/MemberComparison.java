package io.millrace.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sets and hashes: values without an order. The source is read by cursor and each member looked up in the target; with
 * equal sizes, that each is found makes them equal.
 */
final class MemberComparison {
    private static final byte[] COUNT = Bytes.ascii("COUNT");

    private final Pair pair;
    private final Windows windows;
    private final long toleranceMillis;

    MemberComparison(Pair pair, long toleranceMillis) {
        this.pair = pair;
        this.windows = new Windows(pair);
        this.toleranceMillis = toleranceMillis;
    }

    Optional<Mismatch> sets(byte[] key) {
        Pair.Replies sizes = pair.ask(Command.SCARD, key);
        if (!sizes.same()) {
            return Mismatch.sizes(sizes, "set of ", " members");
        }
        return eachPage(Command.SSCAN, key, sizes.sourceNumber(), members -> {
            Pipeline lookup = pair.target().pipeline(pair.database());
            members.forEach(member -> lookup.add(Command.SISMEMBER, key, (byte[]) member));
            lookup.read();
            for (int i = 0; i < members.size(); i++) {
                if (lookup.number(i) == 0) {
                    String member = Printable.excerpt((byte[]) members.get(i));
                    return Mismatch.value("set with member " + member, "set without it");
                }
            }
            return Optional.empty();
        });
    }

    Optional<Mismatch> hashes(byte[] key) {
        Pair.Replies sizes = pair.ask(Command.HLEN, key);
        if (!sizes.same()) {
            return Mismatch.sizes(sizes, "hash of ", " fields");
        }
        return eachPage(Command.HSCAN, key, sizes.sourceNumber(), page -> compareFields(key, page));
    }

    private Optional<Mismatch> compareFields(byte[] key, List<?> page) {
        byte[][] fields = new byte[page.size() / 2][];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = (byte[]) page.get(2 * i);
        }
        if (fields.length == 0) {
            return Optional.empty();
        }
        List<?> found = (List<?>) Pipeline.ask(pair.target(), pair.database(), Command.HMGET, key, fields);
        for (int i = 0; i < fields.length; i++) {
            byte[] expected = (byte[]) page.get(2 * i + 1);
            if (!Bytes.same(expected, found.get(i))) {
                String field = "hash with field " + Printable.excerpt(fields[i]);
                return Mismatch.value(
                        field + " = " + Printable.excerpt(expected),
                        found.get(i) == null
                                ? "hash without it"
                                : field + " = " + Printable.excerpt((byte[]) found.get(i)));
            }
        }
        return pair.source().hasFieldExpiry() && pair.target().hasFieldExpiry()
                ? compareExpiries(key, fields)
                : Optional.empty();
    }

    private Optional<Mismatch> compareExpiries(byte[] key, byte[][] fields) {
        Pair.Replies expiries = pair.ask(Command.HPEXPIRETIME, key, FieldExpiries.arguments(fields));
        int at = FieldExpiries.firstDifference(expiries.source(), expiries.target(), toleranceMillis);
        if (at < 0) {
            return Optional.empty();
        }
        String field = "hash with field " + Printable.excerpt(fields[at]) + " with ";
        return Mismatch.expiry(
                field + FieldExpiries.describe(expiries.source(), at),
                field + FieldExpiries.describe(expiries.target(), at));
    }

    private interface Page {
        Optional<Mismatch> compare(List<?> page);
    }

    private Optional<Mismatch> eachPage(Command scan, byte[] key, long size, Page page) {
        byte[] count = Bytes.ascii(windows.elements(key, size));
        byte[] cursor = Bytes.ascii(0);
        do {
            List<?> reply = (List<?>) Pipeline.ask(pair.source(), pair.database(), scan, key, cursor, COUNT, count);
            Optional<Mismatch> mismatch = page.compare(new ArrayList<>((List<?>) reply.get(1)));
            if (mismatch.isPresent()) {
                return mismatch;
            }
            cursor = (byte[]) reply.get(0);
        } while (!(cursor.length == 1 && cursor[0] == '0'));
        return Optional.empty();
    }
}
