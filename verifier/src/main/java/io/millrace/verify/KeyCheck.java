package io.millrace.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at single keys on both sides and says exactly how they differ. One thread. */
final class KeyCheck {
    private static final String NO_KEY = "no such key";

    private final Pair pair;
    private final long toleranceMillis;
    private final Expiries sourceExpiries;
    private final Expiries targetExpiries;
    private final ValueComparison values;

    KeyCheck(Pair pair, long toleranceMillis) {
        this.pair = pair;
        this.toleranceMillis = toleranceMillis;
        this.sourceExpiries = new Expiries(pair.source());
        this.targetExpiries = new Expiries(pair.target());
        this.values = new ValueComparison(pair, toleranceMillis);
    }

    /** The differences among these keys; types and expiries are read together, values one by one. */
    List<Difference> check(List<byte[]> keys) {
        Pipeline source = pair.source().pipeline(pair.database());
        Pipeline target = pair.target().pipeline(pair.database());
        int[] sourceExpiry = new int[keys.size()];
        int[] targetExpiry = new int[keys.size()];
        int[] sourceType = new int[keys.size()];
        int[] targetType = new int[keys.size()];
        for (int i = 0; i < keys.size(); i++) {
            sourceExpiry[i] = sourceExpiries.ask(source, keys.get(i));
            sourceType[i] = source.add(Command.TYPE, keys.get(i));
            targetExpiry[i] = targetExpiries.ask(target, keys.get(i));
            targetType[i] = target.add(Command.TYPE, keys.get(i));
        }
        source.read();
        target.read();
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            check(
                            keys.get(i),
                            new State(
                                    Printable.text(source.bytes(sourceType[i])),
                                    sourceExpiries.of(source, sourceExpiry[i])),
                            new State(
                                    Printable.text(target.bytes(targetType[i])),
                                    targetExpiries.of(target, targetExpiry[i])))
                    .ifPresent(differences::add);
        }
        return differences;
    }

    private record State(String type, long expiry) {
        /** The two are read one after the other; the key may expire in between. */
        boolean exists() {
            return expiry != Expiries.NO_KEY && !type.equals("none");
        }

        String describe() {
            return exists() ? type : NO_KEY;
        }
    }

    private Optional<Difference> check(byte[] key, State source, State target) {
        if (!source.exists() || !target.exists()) {
            if (source.exists() == target.exists()) {
                return Optional.empty();
            }
            Difference.Kind kind = source.exists() ? Difference.Kind.MISSING : Difference.Kind.GHOST;
            return difference(key, kind, source.describe(), target.describe());
        }
        if (!source.type().equals(target.type())) {
            return difference(key, Difference.Kind.TYPE, source.describe(), target.describe());
        }
        Optional<Mismatch> value = values.compare(source.type(), key);
        if (value.isPresent()) {
            return difference(
                    key, value.get().kind(), value.get().source(), value.get().target());
        }
        if (!Expiries.same(source.expiry(), sourceExpiries, target.expiry(), targetExpiries, toleranceMillis)) {
            return difference(
                    key,
                    Difference.Kind.EXPIRY,
                    source.type() + " with " + Expiries.describe(source.expiry()),
                    target.type() + " with " + Expiries.describe(target.expiry()));
        }
        return Optional.empty();
    }

    private Optional<Difference> difference(byte[] key, Difference.Kind kind, String source, String target) {
        return Optional.of(new Difference(pair.database(), key, kind, source, target));
    }
}
