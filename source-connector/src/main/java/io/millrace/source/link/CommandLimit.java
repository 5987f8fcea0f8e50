package io.millrace.source.link;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Bounds what one command takes of the heap, where it is put together before it is taken apart: it says so in time, and by
 * name, rather than that the memory of the whole worker ends. Owned by the reading thread.
 */
final class CommandLimit {

    /** What an argument takes beside its bytes. */
    private static final int PER_ARGUMENT = 32;

    private static final int LONGEST_KEY = 100;
    private static final long MEGABYTE = 1 << 20;

    /** What the queues, buffers and spools of both connectors take by default. */
    private static final long REST_OF_HEAP = 320 * MEGABYTE;

    /** A command is held with what was read of it before, and with what is made of it. */
    private static final int COPIES = 3;

    private static final int SHARE_OF_SMALL_HEAP = 8;

    private final long most;
    private long bytes;

    CommandLimit(long most) {
        this.most = most;
    }

    /** What one command may take of a heap. */
    static long ofHeap(long heap) {
        return Math.max(heap / SHARE_OF_SMALL_HEAP, (heap - REST_OF_HEAP) / COPIES);
    }

    /** The heap of which a command may take so much. */
    private static long heapFor(long command) {
        return Math.min(command * SHARE_OF_SMALL_HEAP, command * COPIES + REST_OF_HEAP);
    }

    /** A command begins. */
    void begin() {
        bytes = 0;
    }

    /**
     * An argument is about to be read.
     *
     * @param argv the arguments before it
     * @param index how many they are
     * @param offset where the command begins
     */
    void add(int length, byte[][] argv, int index, long offset) throws LinkException.TooLarge {
        bytes += length + PER_ARGUMENT;
        if (bytes > most) {
            throw tooLarge(argv, index, offset);
        }
    }

    private LinkException.TooLarge tooLarge(byte[][] argv, int index, long offset) {
        String name = index > 0 ? " " + text(argv[0]).toUpperCase(Locale.ROOT) : "";
        String key = index > 1 ? " of key \"" + text(argv[1]) + "\"" : "";
        return new LinkException.TooLarge(
                "The command" + name + key + " at replication offset " + offset + " has "
                        + bytes / MEGABYTE + " MB or more, and this worker's heap takes " + most / MEGABYTE
                        + " MB in one command: give its JVM a heap of "
                        + (heapFor(bytes) / MEGABYTE + 1)
                        + " MB or more (-Xmx), or delete the connector's offsets for a new copy, which reads values in pieces.");
    }

    private static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (char c :
                new String(bytes, 0, Math.min(bytes.length, LONGEST_KEY), StandardCharsets.ISO_8859_1).toCharArray()) {
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
            }
        }
        return bytes.length > LONGEST_KEY ? text + "…" : text.toString();
    }
}
