package io.millrace.sink.apply;

import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.sink.plan.CommandName;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/** Reads and writes whole keys of a cluster, with their expiries to the millisecond. */
final class KeyTransfer {

    private static final CommandName DEL = CommandName.of("DEL");
    private static final CommandName DUMP = CommandName.of("DUMP");
    private static final CommandName PEXPIREAT = CommandName.of("PEXPIREAT");
    private static final CommandName PEXPIRETIME = CommandName.of("PEXPIRETIME");
    private static final CommandName PTTL = CommandName.of("PTTL");
    private static final CommandName RESTORE = CommandName.of("RESTORE");
    private static final CommandName TIME = CommandName.of("TIME");
    private static final byte[] ZERO = ascii("0");
    private static final byte[] REPLACE = ascii("REPLACE");

    private final SlotCalls calls;

    /** PEXPIRETIME came with Redis 7.0. */
    private boolean tellsExpiryTime = true;

    KeyTransfer(SlotCalls calls) {
        this.calls = calls;
    }

    KeyState read(byte[] key) throws ApplyAbortedException, SessionEndedException {
        int slot = HashSlot.of(key);
        while (true) {
            List<Object> replies = calls.call(
                    slot,
                    tellsExpiryTime
                            ? List.of(note(PEXPIRETIME, key), note(DUMP, key))
                            : List.of(note(TIME), note(PTTL, key), note(TIME), note(DUMP, key)));
            if (tellsExpiryTime
                    && replies.get(0) instanceof JedisDataException refusal
                    && FailureClassifier.of(refusal).kind() == Kind.UNKNOWN_COMMAND) {
                tellsExpiryTime = false;
                continue;
            }
            for (Object reply : replies) {
                if (reply instanceof JedisDataException refusal) {
                    throw new SinkFailure("The destination " + calls.answered()
                            + " does not let a key be read that a command over several slots needs (DUMP). "
                            + FailureClassifier.of(refusal).sentence());
                }
            }
            Object payload = replies.get(replies.size() - 1);
            if (payload == null) {
                return KeyState.ABSENT;
            }
            long expireAt = tellsExpiryTime ? (Long) replies.get(0) : expireAt(replies);
            if (expireAt >= -1) {
                return new KeyState((byte[]) payload, expireAt);
            }
            // It expired between the replies, or the clock went on to the next millisecond between them.
        }
    }

    /** The time to live together with the clock just before and after it; -2 when it is not certain. */
    private static long expireAt(List<Object> replies) {
        long left = (Long) replies.get(1);
        if (left < 0) {
            return left;
        }
        long before = millis(replies.get(0));
        return before == millis(replies.get(2)) ? before + left : -2;
    }

    private static long millis(Object time) {
        List<?> parts = (List<?>) time;
        return number(parts.get(0)) * 1000 + number(parts.get(1)) / 1000;
    }

    private static long number(Object text) {
        return Long.parseLong(new String((byte[]) text, StandardCharsets.US_ASCII));
    }

    /** Gives a key a state, whatever it had. */
    void write(byte[] key, KeyState state) throws ApplyAbortedException, SessionEndedException {
        List<Note> commands = writing(key, state);
        int slot = HashSlot.of(key);
        List<Object> replies = commands.size() == 1 ? calls.call(slot, commands) : calls.transact(slot, commands);
        for (Object reply : replies) {
            if (reply instanceof JedisDataException refusal) {
                throw new SinkFailure("The destination " + calls.answered()
                        + " does not take back a key that a command over several slots has changed (RESTORE). "
                        + FailureClassifier.of(refusal).sentence());
            }
        }
    }

    /** RESTORE takes absolute times from Redis 5.0 on; PEXPIREAT is as exact and as old as RESTORE. */
    static List<Note> writing(byte[] key, KeyState state) {
        if (state.payload() == null) {
            return List.of(note(DEL, key));
        }
        Note restore = note(RESTORE, key, ZERO, state.payload(), REPLACE);
        return state.expireAt() < 0
                ? List.of(restore)
                : List.of(restore, note(PEXPIREAT, key, ascii(Long.toString(state.expireAt()))));
    }

    static Note note(CommandName name, byte[]... args) {
        return new Note(name, args);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
