package io.millrace.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares many keys in a few round trips and tells those that are certainly equal from those that need a closer look. It
 * never holds more than a batch of small values. One thread.
 */
final class BatchComparison {
    /** A value that takes more memory than this is compared in pieces. */
    private static final long BIG_BYTES = 256 * 1024;
    /** Values fetched at a time from each side. */
    private static final long FETCH_BYTES = 8 << 20;
    /** Where the server may not be asked for sizes: elements, or bytes of a string. */
    private static final long BIG_LENGTH_OF_STRING = BIG_BYTES;

    private static final long BIG_LENGTH = 1000;
    private static final byte[] USAGE = Bytes.ascii("USAGE");
    private static final byte[] ALL = Bytes.ascii(-1);
    private static final byte[] ZERO = Bytes.ascii(0);
    private static final byte[] WITHSCORES = Bytes.ascii("WITHSCORES");

    private final Pair pair;
    private final long toleranceMillis;
    private final Expiries sourceExpiries;
    private final Expiries targetExpiries;
    private final boolean fieldExpiries;
    private final boolean sameDumpFormat;

    BatchComparison(Pair pair, long toleranceMillis) {
        this.pair = pair;
        this.toleranceMillis = toleranceMillis;
        this.sourceExpiries = new Expiries(pair.source());
        this.targetExpiries = new Expiries(pair.target());
        this.fieldExpiries = pair.source().hasFieldExpiry() && pair.target().hasFieldExpiry();
        this.sameDumpFormat =
                pair.source().version().rdbVersion() == pair.target().version().rdbVersion();
    }

    /** A key of the batch with what is known about it. */
    private record Candidate(byte[] key, String type, long bytes) {}

    /** The keys that are not certainly equal. */
    List<byte[]> suspects(List<byte[]> keys) {
        List<byte[]> suspects = new ArrayList<>();
        List<Candidate> fetch = new ArrayList<>();
        long bytes = 0;
        for (Candidate candidate : sameOutside(keys, suspects)) {
            fetch.add(candidate);
            bytes += candidate.bytes();
            if (bytes > FETCH_BYTES) {
                compareValues(fetch, suspects);
                fetch.clear();
                bytes = 0;
            }
        }
        compareValues(fetch, suspects);
        return suspects;
    }

    /** Keys that exist on both sides with the same expiry and a small value; the others become suspects. */
    private List<Candidate> sameOutside(List<byte[]> keys, List<byte[]> suspects) {
        Pipeline source = pair.source().pipeline(pair.database());
        Pipeline target = pair.target().pipeline(pair.database());
        boolean sizes = pair.source().hasMemoryUsage();
        int[] type = new int[keys.size()];
        int[] usage = new int[keys.size()];
        int[] sourceExpiry = new int[keys.size()];
        int[] targetExpiry = new int[keys.size()];
        for (int i = 0; i < type.length; i++) {
            byte[] key = keys.get(i);
            type[i] = source.add(Command.TYPE, key);
            sourceExpiry[i] = sourceExpiries.ask(source, key);
            usage[i] = sizes ? source.send(key, Command.MEMORY, USAGE, key) : 0;
            targetExpiry[i] = targetExpiries.ask(target, key);
        }
        source.read();
        target.read();
        List<Candidate> same = new ArrayList<>(keys.size());
        for (int i = 0; i < type.length; i++) {
            long left = sourceExpiries.of(source, sourceExpiry[i]);
            long right = targetExpiries.of(target, targetExpiry[i]);
            Object bytes = sizes ? source.get(usage[i]) : Long.valueOf(0);
            if (left == Expiries.NO_KEY
                    || bytes == null
                    || (Long) bytes > BIG_BYTES
                    || !Expiries.same(left, sourceExpiries, right, targetExpiries, toleranceMillis)) {
                suspects.add(keys.get(i));
            } else {
                same.add(new Candidate(keys.get(i), Printable.text(source.bytes(type[i])), (Long) bytes));
            }
        }
        return sizes ? same : small(same, suspects);
    }

    /** Without MEMORY USAGE: sizes by count. */
    private List<Candidate> small(List<Candidate> candidates, List<byte[]> suspects) {
        Pipeline source = pair.source().pipeline(pair.database());
        int[] numbers = new int[candidates.size()];
        for (int i = 0; i < numbers.length; i++) {
            Command length = lengthCommand(candidates.get(i).type());
            numbers[i] =
                    length == null ? -1 : source.add(length, candidates.get(i).key());
        }
        source.read();
        List<Candidate> small = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            Candidate candidate = candidates.get(i);
            boolean isString = candidate.type().equals("string");
            if (numbers[i] < 0
                    || source.isWrongType(numbers[i])
                    || source.number(numbers[i]) > (isString ? BIG_LENGTH_OF_STRING : BIG_LENGTH)) {
                suspects.add(candidate.key());
            } else {
                small.add(new Candidate(
                        candidate.key(), candidate.type(), isString ? source.number(numbers[i]) : BIG_LENGTH));
            }
        }
        return small;
    }

    private static Command lengthCommand(String type) {
        return switch (type) {
            case "string" -> Command.STRLEN;
            case "list" -> Command.LLEN;
            case "set" -> Command.SCARD;
            case "zset" -> Command.ZCARD;
            case "hash" -> Command.HLEN;
            case "stream" -> Command.XLEN;
            default -> null;
        };
    }

    private void compareValues(List<Candidate> candidates, List<byte[]> suspects) {
        Pipeline source = pair.source().pipeline(pair.database());
        Pipeline target = pair.target().pipeline(pair.database());
        int[] numbers = new int[candidates.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = fetch(source, candidates.get(i));
            fetch(target, candidates.get(i));
        }
        source.read();
        target.read();
        List<byte[]> hashes = new ArrayList<>();
        List<byte[][]> fields = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            Candidate candidate = candidates.get(i);
            if (numbers[i] < 0
                    || source.isWrongType(numbers[i])
                    || target.isWrongType(numbers[i])
                    || !same(candidate.type(), source.get(numbers[i]), target.get(numbers[i]))) {
                suspects.add(candidate.key());
            } else if (fieldExpiries && candidate.type().equals("hash")) {
                byte[][] names = names(source.list(numbers[i]));
                if (names.length > 0) {
                    hashes.add(candidate.key());
                    fields.add(names);
                }
            }
        }
        compareFieldExpiries(hashes, fields, suspects);
    }

    private int fetch(Pipeline pipeline, Candidate candidate) {
        byte[] key = candidate.key();
        return switch (candidate.type()) {
            case "string" -> pipeline.add(Command.GET, key);
            case "list" -> pipeline.add(Command.LRANGE, key, ZERO, ALL);
            case "set" -> pipeline.add(Command.SMEMBERS, key);
            case "zset" -> pipeline.add(Command.ZRANGE, key, ZERO, ALL, WITHSCORES);
            case "hash" -> pipeline.add(Command.HGETALL, key);
            // Streams and types of modules: one payload says it all, if both sides write the same format.
            default -> sameDumpFormat ? pipeline.add(Command.DUMP, key) : -1;
        };
    }

    private static boolean same(String type, Object source, Object target) {
        if (source == null || target == null) {
            return false;
        }
        return switch (type) {
            case "set" -> Bytes.sameGroups((List<?>) source, (List<?>) target, 1);
            case "hash" -> Bytes.sameGroups((List<?>) source, (List<?>) target, 2);
            case "zset" -> Scores.firstDifference((List<?>) source, (List<?>) target) < 0;
            case "list" -> Bytes.sameList((List<?>) source, (List<?>) target);
            default -> Arrays.equals((byte[]) source, (byte[]) target);
        };
    }

    private static byte[][] names(List<?> fieldsAndValues) {
        byte[][] names = new byte[fieldsAndValues.size() / 2][];
        for (int i = 0; i < names.length; i++) {
            names[i] = (byte[]) fieldsAndValues.get(2 * i);
        }
        return names;
    }

    private void compareFieldExpiries(List<byte[]> keys, List<byte[][]> fields, List<byte[]> suspects) {
        Pipeline source = pair.source().pipeline(pair.database());
        Pipeline target = pair.target().pipeline(pair.database());
        for (int i = 0; i < keys.size(); i++) {
            byte[][] arguments = FieldExpiries.arguments(fields.get(i));
            source.add(Command.HPEXPIRETIME, keys.get(i), arguments);
            target.add(Command.HPEXPIRETIME, keys.get(i), arguments);
        }
        source.read();
        target.read();
        for (int i = 0; i < keys.size(); i++) {
            if (source.isWrongType(i)
                    || target.isWrongType(i)
                    || FieldExpiries.firstDifference(source.get(i), target.get(i), toleranceMillis) >= 0) {
                suspects.add(keys.get(i));
            }
        }
    }
}
