package io.millrace.verify;

import java.util.Arrays;
import java.util.Optional;

/**
 * Compares two values of the same type by their meaning, piece by piece, so that a value of any size needs little memory.
 * One key at a time: what {@link BatchComparison} cannot decide at once ends up here.
 */
final class ValueComparison {
    private static final int STRING_PIECE = 1 << 20;
    /** RDB version and checksum at the end of a DUMP payload (cluster.c, createDumpPayload). */
    private static final int DUMP_FOOTER = 10;

    private final Pair pair;
    private final SequenceComparison sequences;
    private final MemberComparison members;
    private final StreamComparison streams;
    private final VectorComparison vectors;

    ValueComparison(Pair pair, long toleranceMillis) {
        this.pair = pair;
        this.sequences = new SequenceComparison(pair);
        this.members = new MemberComparison(pair, toleranceMillis);
        this.streams = new StreamComparison(pair);
        this.vectors = new VectorComparison(pair);
    }

    Optional<Mismatch> compare(String type, byte[] key) {
        return switch (type) {
            case "string" -> strings(key);
            case "list" -> sequences.lists(key);
            case "zset" -> sequences.sortedSets(key);
            case "set" -> members.sets(key);
            case "hash" -> members.hashes(key);
            case "stream" -> streams.compare(key);
            case "vectorset" -> vectors.compare(key);
            default -> payloads(type, key);
        };
    }

    private Optional<Mismatch> strings(byte[] key) {
        Pair.Replies lengths = pair.ask(Command.STRLEN, key);
        if (!lengths.same()) {
            return Mismatch.sizes(lengths, "string of ", " bytes");
        }
        for (long from = 0; from < lengths.sourceNumber(); from += STRING_PIECE) {
            Pair.Replies pieces =
                    pair.ask(Command.GETRANGE, key, Bytes.ascii(from), Bytes.ascii(from + STRING_PIECE - 1));
            byte[] source = (byte[]) pieces.source();
            byte[] target = (byte[]) pieces.target();
            int at = Arrays.mismatch(source, target);
            if (at >= 0) {
                return Mismatch.value(piece(source, at, from), piece(target, at, from));
            }
        }
        return Optional.empty();
    }

    private static String piece(byte[] piece, int at, long from) {
        byte[] rest = Arrays.copyOfRange(piece, Math.min(at, piece.length), Math.min(piece.length, at + 20));
        return "string with " + Printable.of(rest) + " at byte " + (from + at);
    }

    // A type that only its module understands.
    private Optional<Mismatch> payloads(String type, byte[] key) {
        Pair.Replies dumps = pair.ask(Command.DUMP, key);
        byte[] source = (byte[]) dumps.source();
        byte[] target = (byte[]) dumps.target();
        if (source == null || target == null) {
            return Bytes.same(source, target)
                    ? Optional.empty()
                    : Mismatch.value(payload(type, source), payload(type, target));
        }
        boolean same = source.length == target.length
                && Arrays.equals(source, 0, source.length - DUMP_FOOTER, target, 0, target.length - DUMP_FOOTER);
        return same ? Optional.empty() : Mismatch.value(payload(type, source), payload(type, target));
    }

    private static String payload(String type, byte[] dump) {
        return dump == null ? "no such key" : type + " with another payload, " + dump.length + " bytes";
    }
}
