package io.millrace.redis.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Strings, lists, sets, sorted sets and hashes in every encoding. */
final class PlainTypes {
    private final KeyWriter writer;
    private final Samples samples;

    PlainTypes(KeyWriter writer, Samples samples) {
        this.writer = writer;
        this.samples = samples;
    }

    void fill() throws IOException {
        strings();
        lists();
        sets();
        sortedSets();
        hashes();
    }

    private void strings() throws IOException {
        for (long integer : Samples.INTEGERS) {
            writer.write("SET", "string:int:" + integer, integer);
        }
        // Look like integers and are not kept as such.
        for (String text : new String[] {"007", "-0", "+1", " 1", "1.5", "9223372036854775808"}) {
            writer.write("SET", "string:text:" + text, text);
        }
        for (int length : Samples.LENGTHS) {
            writer.write("SET", "string:noise:" + length, samples.noise(length));
            writer.write("SET", "string:flat:" + length, samples.flat(length));
        }
        writer.write("SET", "string:flat:1m", samples.flat(1 << 20));
        writer.write("SET", "string:all-bytes", Samples.everyByte());
        writer.write("APPEND", "string:appended", "raw although short");
        writer.write("SETRANGE", "string:holes", 70_000, "end");
        // Names are bytes too.
        writer.write("SET", Samples.everyByte(), "key of all bytes");
        writer.write("SET", "", "empty key");
        writer.write("SET", samples.flat(1000), "long key");
        writer.write("SET", "{tag}:" + "line\r\nbreak", "key with a line break");
        writer.write("SET", new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc0}, "key that is no UTF-8");
    }

    private void lists() throws IOException {
        for (int size : Samples.SIZES) {
            writer.write(command("RPUSH", "list:ints:" + size, i -> (long) i * i, size));
            writer.write(command("RPUSH", "list:noise:" + size, i -> samples.noise(i % 70), size));
        }
        for (long integer : Samples.INTEGERS) {
            writer.write("RPUSH", "list:integers", integer);
        }
        for (int length : Samples.LENGTHS) {
            writer.write("RPUSH", "list:lengths", samples.noise(length), samples.flat(length));
        }
        // Elements of more than 8 KiB get nodes of their own from Redis 7.0 on.
        for (int i = 0; i < 5; i++) {
            writer.write("RPUSH", "list:plain-nodes", samples.noise(9000), "small", samples.flat(20_000));
        }
        writer.write(command("RPUSH", "list:many-nodes", i -> "element " + i, 5000));
        writer.write("RPUSH", "list:same", "x", "x", "", "x", Samples.everyByte());
    }

    private void sets() throws IOException {
        for (int size : Samples.SIZES) {
            writer.write(command("SADD", "set:int16:" + size, i -> i - 200, size));
            writer.write(command("SADD", "set:int32:" + size, i -> 100_000L * i, size));
            writer.write(command("SADD", "set:int64:" + size, i -> Long.MIN_VALUE + i, size));
            writer.write(command("SADD", "set:text:" + size, i -> "member " + i, size));
        }
        for (int length : Samples.LENGTHS) {
            writer.write("SADD", "set:lengths", samples.noise(length));
        }
        writer.write("SADD", "set:mixed", 1, 2, "three", "", Samples.everyByte());
    }

    private void sortedSets() throws IOException {
        for (int size : Samples.SIZES) {
            List<Object> command = start("ZADD", "zset:" + size);
            for (int i = 0; i < size; i++) {
                command.add(samples.score());
                command.add("member " + i);
            }
            writer.write(command.toArray());
        }
        writer.write("ZADD", "zset:edges", "-inf", "lowest", "inf", "highest", "0", "zero", "-0.0", "minus zero");
        writer.write("ZADD", "zset:edges", "1e-300", "tiny", "1.7976931348623157e308", "huge", "0.1", "tenth");
        writer.write("ZADD", "zset:edges", "9007199254740993", "beyond 2^53", "3", Samples.everyByte(), "4", "");
        writer.write("ZADD", "zset:edges:large", "inf", samples.noise(65), "-inf", samples.noise(66));
        for (int i = 0; i < 200; i++) {
            writer.write("ZADD", "zset:same-score", 7, "member " + i);
        }
    }

    private void hashes() throws IOException {
        for (int size : Samples.SIZES) {
            List<Object> command = start("HSET", "hash:" + size);
            for (int i = 0; i < size; i++) {
                command.add("field " + i);
                command.add(i % 2 == 0 ? (Object) i : samples.noise(i % 60));
            }
            writer.write(command.toArray());
        }
        for (int length : Samples.LENGTHS) {
            writer.write(
                    "HSET", "hash:lengths", "f" + length, samples.noise(length), samples.noise(length), "v" + length);
        }
        writer.write(
                "HSET", "hash:edges", "", "empty field", "empty value", "", Samples.everyByte(), Samples.everyByte());
    }

    private interface Element {
        Object at(int index);
    }

    private static Object[] command(String name, String key, Element element, int size) {
        List<Object> command = start(name, key);
        for (int i = 0; i < size; i++) {
            command.add(element.at(i));
        }
        return command.toArray();
    }

    private static List<Object> start(String name, String key) {
        return new ArrayList<>(List.of(name, key));
    }
}
