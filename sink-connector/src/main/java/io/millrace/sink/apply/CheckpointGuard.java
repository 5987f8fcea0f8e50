package io.millrace.sink.apply;

import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.Incarnation;
import io.millrace.sink.checkpoint.LogPartition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Makes a transaction depend on the checkpoints being the ones that this session has written: they are watched, and read
 * after that, in the round trip of the transaction before.
 */
final class CheckpointGuard {

    private final Map<LogPartition, byte[]> keys = new LinkedHashMap<>();
    private final List<byte[][]> commands = new ArrayList<>();
    private final Claims claims;

    CheckpointGuard(Iterable<LogPartition> partitions, CheckpointKeys names, Claims claims) {
        this.claims = claims;
        partitions.forEach(partition -> keys.put(partition, names.main(partition)));
        List<byte[]> watch = new ArrayList<>(keys.values());
        watch.add(0, ascii("WATCH"));
        commands.add(watch.toArray(new byte[0][]));
        keys.values()
                .forEach(key -> commands.add(
                        new byte[][] {ascii("HMGET"), key, ascii(Checkpoint.OWNER), ascii(Checkpoint.APPLIED)}));
    }

    byte[] key(LogPartition partition) {
        return keys.get(partition);
    }

    Iterable<byte[]> keys() {
        return keys.values();
    }

    /** What is to be sent last before the transaction that is to be guarded. */
    List<byte[][]> commands() {
        return commands;
    }

    /**
     * Whether the next transaction may be sent.
     *
     * @param replies to {@link #commands}
     * @throws TakenOverException when another sink has claimed a partition
     * @throws SinkFailure when the checkpoints are gone
     * @throws SessionEndedException when they are others than this session has written
     */
    void check(List<Object> replies, Map<LogPartition, Checkpoint> expected) throws SessionEndedException {
        for (Object reply : replies) {
            if (reply instanceof JedisDataException error) {
                throw new SessionEndedException(FailureClassifier.of(error));
            }
        }
        int at = 1;
        for (LogPartition partition : keys.keySet()) {
            List<?> found = (List<?>) replies.get(at++);
            Checkpoint mine = expected.get(partition);
            if (!is(found.get(0), mine.owner().toString())) {
                claims.check(partition, owner((byte[]) found.get(0)));
                throw lost(partition);
            }
            if (!is(found.get(1), mine.applied().toString())) {
                throw lost(partition);
            }
        }
    }

    private static Incarnation owner(byte[] text) {
        return text == null ? null : Incarnation.parse(new String(text, StandardCharsets.UTF_8));
    }

    private static boolean is(Object bytes, String text) {
        return bytes != null && Arrays.equals((byte[]) bytes, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static SessionEndedException lost(LogPartition partition) {
        return new SessionEndedException(RedisFailure.of(
                Kind.CONNECTION,
                "the checkpoint of " + partition
                        + " is not the one that was written last: the destination has lost writes"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
