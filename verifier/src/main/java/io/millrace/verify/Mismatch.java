package io.millrace.verify;

import java.util.Optional;

/** How two values of one type differ, in words for each side. */
record Mismatch(Difference.Kind kind, String source, String target) {
    static Optional<Mismatch> value(String source, String target) {
        return Optional.of(new Mismatch(Difference.Kind.VALUE, source, target));
    }

    static Optional<Mismatch> expiry(String source, String target) {
        return Optional.of(new Mismatch(Difference.Kind.EXPIRY, source, target));
    }

    /** Different lengths, in the same words for both. */
    static Optional<Mismatch> sizes(Pair.Replies sizes, String before, String after) {
        return value(before + sizes.source() + after, before + sizes.target() + after);
    }
}
