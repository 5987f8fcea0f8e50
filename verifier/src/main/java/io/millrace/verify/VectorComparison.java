package io.millrace.verify;

import java.util.List;
import java.util.Optional;

/** Vector sets of Redis 8: elements with their vectors and attributes. How they are linked for searching is not compared. */
final class VectorComparison {
    private static final int WINDOW = 500;

    private final Pair pair;

    VectorComparison(Pair pair) {
        this.pair = pair;
    }

    Optional<Mismatch> compare(byte[] key) {
        Pair.Replies sizes = pair.ask(Command.VCARD, key);
        if (!sizes.same()) {
            return Mismatch.sizes(sizes, "vector set of ", " elements");
        }
        Pair.Replies dimensions = pair.ask(Command.VDIM, key);
        if (!dimensions.same()) {
            return Mismatch.sizes(dimensions, "vector set of ", " dimensions");
        }
        // With a count of at least the size, VRANDMEMBER gives every element once.
        List<?> elements = (List<?>) Pipeline.ask(
                pair.source(), pair.database(), Command.VRANDMEMBER, key, Bytes.ascii(sizes.sourceNumber()));
        for (int from = 0; from < elements.size(); from += WINDOW) {
            Optional<Mismatch> mismatch =
                    compare(key, elements.subList(from, Math.min(elements.size(), from + WINDOW)));
            if (mismatch.isPresent()) {
                return mismatch;
            }
        }
        return Optional.empty();
    }

    private Optional<Mismatch> compare(byte[] key, List<?> elements) {
        Pipeline source = ask(pair.source(), key, elements);
        Pipeline target = ask(pair.target(), key, elements);
        source.read();
        target.read();
        for (int i = 0; i < elements.size(); i++) {
            String element = "vector set with element " + Printable.excerpt((byte[]) elements.get(i));
            if (!Bytes.same(source.get(2 * i), target.get(2 * i))) {
                return Mismatch.value(
                        element, target.get(2 * i) == null ? "vector set without it" : element + " and another vector");
            }
            if (!Bytes.same(source.get(2 * i + 1), target.get(2 * i + 1))) {
                return Mismatch.value(element, element + " and other attributes");
            }
        }
        return Optional.empty();
    }

    private Pipeline ask(Side side, byte[] key, List<?> elements) {
        Pipeline pipeline = side.pipeline(pair.database());
        for (Object element : elements) {
            pipeline.add(Command.VEMB, key, (byte[]) element);
            pipeline.add(Command.VGETATTR, key, (byte[]) element);
        }
        return pipeline;
    }
}
