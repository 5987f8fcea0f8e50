package io.millrace.verify;

import java.util.List;
import java.util.Optional;

/** Lists and sorted sets: values with an order, read in windows from the front. */
final class SequenceComparison {
    private final Pair pair;
    private final Windows windows;

    SequenceComparison(Pair pair) {
        this.pair = pair;
        this.windows = new Windows(pair);
    }

    Optional<Mismatch> lists(byte[] key) {
        Pair.Replies lengths = pair.ask(Command.LLEN, key);
        if (!lengths.same()) {
            return Mismatch.sizes(lengths, "list of ", " elements");
        }
        int window = windows.elements(key, lengths.sourceNumber());
        for (long from = 0; from < lengths.sourceNumber(); from += window) {
            Pair.Replies elements = range(Command.LRANGE, key, from, window);
            List<?> source = (List<?>) elements.source();
            List<?> target = (List<?>) elements.target();
            if (!Bytes.sameList(source, target)) {
                int at = 0;
                while (at < Math.min(source.size(), target.size()) && Bytes.same(source.get(at), target.get(at))) {
                    at++;
                }
                return Mismatch.value(element(source, at, from), element(target, at, from));
            }
        }
        return Optional.empty();
    }

    Optional<Mismatch> sortedSets(byte[] key) {
        Pair.Replies lengths = pair.ask(Command.ZCARD, key);
        if (!lengths.same()) {
            return Mismatch.sizes(lengths, "sorted set of ", " members");
        }
        int window = windows.elements(key, lengths.sourceNumber());
        for (long from = 0; from < lengths.sourceNumber(); from += window) {
            Pair.Replies members = range(Command.ZRANGE, key, from, window, Bytes.ascii("WITHSCORES"));
            List<?> source = (List<?>) members.source();
            List<?> target = (List<?>) members.target();
            int at = Scores.firstDifference(source, target);
            if (at >= 0) {
                return Mismatch.value(member(source, at, from), member(target, at, from));
            }
        }
        return Optional.empty();
    }

    private Pair.Replies range(Command command, byte[] key, long from, int window, byte[]... more) {
        byte[][] arguments = new byte[2 + more.length][];
        arguments[0] = Bytes.ascii(from);
        arguments[1] = Bytes.ascii(from + window - 1);
        System.arraycopy(more, 0, arguments, 2, more.length);
        return pair.ask(command, key, arguments);
    }

    private static String element(List<?> window, int at, long from) {
        long index = from + at;
        return at < window.size()
                ? "list with " + Printable.excerpt((byte[]) window.get(at)) + " at index " + index
                : "list that ends before index " + index;
    }

    private static String member(List<?> window, int at, long from) {
        long rank = from + at / 2;
        return at < window.size()
                ? "sorted set with " + Printable.excerpt((byte[]) window.get(at)) + " of score "
                        + Printable.text((byte[]) window.get(at + 1)) + " at rank " + rank
                : "sorted set that ends before rank " + rank;
    }
}
