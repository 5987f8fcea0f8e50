package io.millrace.source.assemble;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A command stream as a master would send it, with the offset of every command, counted here independently. */
final class StreamScript {

    /** One command with the offsets of its first and last byte. */
    record Sent(byte[][] argv, long first, long last) {}

    private final long start;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Sent> commands = new ArrayList<>();

    StreamScript(long start) {
        this.start = start;
    }

    StreamScript send(String... words) {
        byte[][] argv = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            argv[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        return send(argv);
    }

    StreamScript send(byte[]... argv) {
        long first = start + bytes.size() + 1;
        bytes.writeBytes(("*" + argv.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (byte[] word : argv) {
            bytes.writeBytes(("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(word);
            bytes.write('\r');
            bytes.write('\n');
        }
        commands.add(new Sent(argv, first, end()));
        return this;
    }

    long end() {
        return start + bytes.size();
    }

    List<Sent> commands() {
        return commands;
    }
}
