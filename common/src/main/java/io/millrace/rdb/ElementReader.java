package io.millrace.rdb;

import io.millrace.change.Expiry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Decodes a value element by element; of a plain collection no more than one element is held. */
final class ElementReader {

    /** quicklist.h: a node that is one large element, and one that is a listpack. */
    private static final int NODE_PLAIN = 1;

    private static final int NODE_PACKED = 2;
    /** expire.h of Valkey and listpack-ex of Redis. */
    private static final long VALKEY_NO_EXPIRY = -1;

    private final RdbInput in;
    private final RdbStrings strings;
    private final int range;

    /** @param range the longest piece of a string that is handed out */
    ElementReader(RdbStrings strings, int range) {
        this.strings = strings;
        this.in = strings.input();
        this.range = range;
    }

    void read(int type, ValueSink sink) throws IOException, InterruptedException {
        switch (type) {
            case RdbType.STRING -> strings.ranges(range, sink);
            case RdbType.LIST -> {
                for (long left = strings.count(); left > 0; left--) {
                    sink.listElement(strings.take());
                }
            }
            case RdbType.LIST_ZIPLIST -> list(ziplist(), sink);
            case RdbType.LIST_QUICKLIST -> {
                for (long left = strings.count(); left > 0; left--) {
                    list(ziplist(), sink);
                }
            }
            case RdbType.LIST_QUICKLIST_2 -> quicklist(sink);
            case RdbType.SET -> {
                for (long left = strings.count(); left > 0; left--) {
                    sink.setMember(strings.take());
                }
            }
            case RdbType.SET_INTSET -> set(new IntsetReader(strings.take(), in.position()), sink);
            case RdbType.SET_LISTPACK -> set(listpack(), sink);
            case RdbType.ZSET, RdbType.ZSET_2 -> {
                for (long left = strings.count(); left > 0; left--) {
                    byte[] member = strings.take();
                    sink.scoredMember(member, type == RdbType.ZSET ? textScore() : binaryScore());
                }
            }
            case RdbType.ZSET_ZIPLIST -> scored(ziplist(), sink);
            case RdbType.ZSET_LISTPACK -> scored(listpack(), sink);
            case RdbType.STREAM_LISTPACKS -> new StreamReader(strings, 1).read(sink);
            case RdbType.STREAM_LISTPACKS_2 -> new StreamReader(strings, 2).read(sink);
            case RdbType.STREAM_LISTPACKS_3 -> new StreamReader(strings, 3).read(sink);
            case RdbType.STREAM_LISTPACKS_4 -> new StreamReader(strings, 4).read(sink);
            default -> hash(type, sink);
        }
    }

    private void hash(int type, ValueSink sink) throws IOException, InterruptedException {
        switch (type) {
            case RdbType.HASH -> {
                for (long left = strings.count(); left > 0; left--) {
                    byte[] field = strings.take();
                    sink.hashField(field, strings.take(), Expiry.NONE);
                }
            }
            case RdbType.VALKEY_HASH_2 -> {
                for (long left = strings.count(); left > 0; left--) {
                    byte[] field = strings.take();
                    byte[] value = strings.take();
                    long expireAt = in.longLittleEndian();
                    sink.hashField(field, value, expireAt == VALKEY_NO_EXPIRY ? Expiry.NONE : expireAt);
                }
            }
            case RdbType.HASH_METADATA_PRE_GA -> expiring(0, sink);
            // An expiry is stored as its distance from the smallest one, plus 1 (rdb.c).
            case RdbType.HASH_METADATA -> expiring(in.longLittleEndian() - 1, sink);
            case RdbType.HASH_ZIPMAP -> pairs(new ZipmapReader(strings.take(), in.position()), sink);
            case RdbType.HASH_ZIPLIST -> pairs(ziplist(), sink);
            case RdbType.HASH_LISTPACK -> pairs(listpack(), sink);
            case RdbType.HASH_LISTPACK_EX_PRE_GA -> triples(listpack(), sink);
            case RdbType.HASH_LISTPACK_EX -> {
                in.skip(8);
                triples(listpack(), sink);
            }
            default -> throw strings.broken("the value type " + type + " has no typed form");
        }
    }

    private void expiring(long base, ValueSink sink) throws IOException, InterruptedException {
        for (long left = strings.count(); left > 0; left--) {
            long distance = strings.number();
            byte[] field = strings.take();
            sink.hashField(field, strings.take(), distance == 0 ? Expiry.NONE : base + distance);
        }
    }

    private void quicklist(ValueSink sink) throws IOException, InterruptedException {
        for (long left = strings.count(); left > 0; left--) {
            int kind = strings.smallNumber("a list node's kind");
            switch (kind) {
                case NODE_PLAIN -> sink.listElement(strings.take());
                case NODE_PACKED -> list(listpack(), sink);
                default -> throw strings.broken("a list node's kind is " + kind);
            }
        }
    }

    private ListpackReader listpack() throws IOException {
        byte[] bytes = strings.take();
        return new ListpackReader(bytes, in.position());
    }

    private ZiplistReader ziplist() throws IOException {
        byte[] bytes = strings.take();
        return new ZiplistReader(bytes, in.position());
    }

    private static void list(PackedReader packed, ValueSink sink) throws IOException, InterruptedException {
        while (!packed.atEnd()) {
            sink.listElement(packed.next());
        }
    }

    private static void set(PackedReader packed, ValueSink sink) throws IOException, InterruptedException {
        while (!packed.atEnd()) {
            sink.setMember(packed.next());
        }
    }

    private static void pairs(PackedReader packed, ValueSink sink) throws IOException, InterruptedException {
        while (!packed.atEnd()) {
            byte[] field = packed.next();
            sink.hashField(field, packed.next(), Expiry.NONE);
        }
    }

    private static void triples(PackedReader packed, ValueSink sink) throws IOException, InterruptedException {
        while (!packed.atEnd()) {
            byte[] field = packed.next();
            byte[] value = packed.next();
            long expireAt = packed.nextLong();
            sink.hashField(field, value, expireAt == 0 ? Expiry.NONE : expireAt);
        }
    }

    private void scored(PackedReader packed, ValueSink sink) throws IOException, InterruptedException {
        while (!packed.atEnd()) {
            byte[] member = packed.next();
            sink.scoredMember(member, score(packed.next()));
        }
    }

    private double binaryScore() throws IOException {
        return number(Double.longBitsToDouble(in.longLittleEndian()));
    }

    /** rdbLoadDoubleValue: its length in one byte, of which three values stand for what is not finite. */
    private double textScore() throws IOException {
        int length = in.unsigned();
        return switch (length) {
            case 253 -> number(Double.NaN);
            case 254 -> Double.POSITIVE_INFINITY;
            case 255 -> Double.NEGATIVE_INFINITY;
            default -> score(in.take(length));
        };
    }

    private double score(byte[] text) throws RdbFormatException {
        String digits = new String(text, StandardCharsets.ISO_8859_1);
        try {
            return switch (digits) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> number(Double.parseDouble(digits));
            };
        } catch (NumberFormatException e) {
            throw new RdbFormatException("the score of a sorted set's member is not a number.", in.position(), e);
        }
    }

    private double number(double score) throws RdbFormatException {
        if (Double.isNaN(score)) {
            throw strings.broken("the score of a sorted set's member is NaN");
        }
        return score;
    }
}
