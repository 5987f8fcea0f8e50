package io.millrace.it.recorded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a master of one version sends after {@code +FULLRESYNC}: an RDB, made by {@link RecordingMain}, and the stream, a text
 * with one command a line, which says of each why it has this form. The forms were read in the sources of the version.
 *
 * @param version as its RDB and INFO say it
 */
record Recording(String name, String version) {

    static final Recording REDIS_5_0 = new Recording("redis-5.0", "5.0.14");
    static final Recording REDIS_7_2 = new Recording("redis-7.2", "7.2.4");
    static final Recording REDIS_7_4 = new Recording("redis-7.4", "7.4.1");

    byte[] rdb() {
        return resource(name + ".rdb");
    }

    /** The stream's commands. */
    List<byte[][]> commands() {
        List<byte[][]> commands = new ArrayList<>();
        for (String line : new String(resource(name + ".txt"), StandardCharsets.UTF_8).split("\n")) {
            if (!line.isBlank() && !line.startsWith("#")) {
                commands.add(words(line));
            }
        }
        return commands;
    }

    /** The same as bytes of the wire. */
    byte[] stream() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[][] command : commands()) {
            out.writeBytes(ascii("*" + command.length + "\r\n"));
            for (byte[] argument : command) {
                out.writeBytes(ascii("$" + argument.length + "\r\n"));
                out.writeBytes(argument);
                out.writeBytes(ascii("\r\n"));
            }
        }
        return out.toByteArray();
    }

    private static byte[][] words(String line) {
        List<byte[]> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            boolean quoted = line.charAt(at) == '"';
            at += quoted ? 1 : 0;
            while (at < line.length() && line.charAt(at) != (quoted ? '"' : ' ')) {
                char c = line.charAt(at++);
                if (c == '\\' && quoted) {
                    char escaped = line.charAt(at++);
                    if (escaped == 'x') {
                        word.write(Integer.parseInt(line.substring(at, at + 2), 16));
                        at += 2;
                    } else {
                        word.write(unescaped(escaped));
                    }
                } else {
                    word.write(c);
                }
            }
            words.add(word.toByteArray());
            at += quoted ? 2 : 1;
        }
        return words.toArray(new byte[0][]);
    }

    private static int unescaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> c;
        };
    }

    private static byte[] resource(String name) {
        try (InputStream in = Recording.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("There is no " + name + "; see RecordingMain.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return name;
    }
}
