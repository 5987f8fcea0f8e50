package io.millrace.sink.checkpoint;

import io.millrace.client.Node;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes main checkpoints on the node that has them. */
public final class CheckpointStore {

    private static final byte[] HGETALL = ascii("HGETALL");
    private static final byte[] WATCH = ascii("WATCH");
    private static final byte[] UNWATCH = ascii("UNWATCH");
    public static final byte[] DEL = ascii("DEL");

    private CheckpointStore() {}

    /**
     * Reads a checkpoint; {@link #replace} on the same connection then writes only if nobody has changed it in between.
     *
     * @return {@link Checkpoint#none} when the key is not there
     * @throws RedisFailureException when the node does not answer, or with an error
     * @throws IllegalArgumentException with a sentence when the key holds something else
     */
    public static Checkpoint watch(Node node, byte[] key) {
        node.call(WATCH, key);
        return read(node, key);
    }

    /** As {@link #watch}, without what follows from it. */
    public static Checkpoint read(Node node, byte[] key) {
        List<?> reply = (List<?>) node.call(HGETALL, key);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            fields.put(text(reply.get(i)), text(reply.get(i + 1)));
        }
        try {
            return Checkpoint.parse(fields);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The key " + text(key) + " in the destination " + node.address() + " is not a checkpoint that this"
                            + " version can read: " + e.getMessage()
                            + ". Use the version that wrote it, or set the connector's offsets, which writes it anew.",
                    e);
        }
    }

    /** Gives up what {@link #watch} has begun. */
    public static void unwatch(Node node) {
        node.call(UNWATCH);
    }

    /**
     * Writes a checkpoint in the place of the one that was read.
     *
     * @return false when it was changed in between; nothing is written then
     * @throws RedisFailureException when the node does not answer, or with an error; after a lost connection nobody knows
     *     whether it was written
     */
    public static boolean replace(Node node, byte[] key, Checkpoint checkpoint) {
        node.call("MULTI");
        node.call(DEL, key);
        node.call(hset(key, checkpoint));
        return node.call("EXEC") != null;
    }

    /** The command that writes all fields of a checkpoint. */
    public static byte[][] hset(byte[] key, Checkpoint checkpoint) {
        List<byte[]> command = new ArrayList<>();
        command.add(ascii("HSET"));
        command.add(key);
        checkpoint.fields().forEach((name, value) -> {
            command.add(name.getBytes(StandardCharsets.UTF_8));
            command.add(value.getBytes(StandardCharsets.UTF_8));
        });
        return command.toArray(new byte[0][]);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
