package io.millrace.sink.apply;

import static io.millrace.sink.apply.KeyTransfer.note;

import io.millrace.failure.FailureClassifier;
import io.millrace.sink.apply.GatheredCommand.Key;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.plan.CommandName;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The note that a command over several slots has been executed on copies of its keys, and which copies they are: a hash beside
 * them. From then on until the main checkpoint is past the command, the copies say what its keys are to be, and the keys
 * themselves may no longer be what the command must find.
 */
final class GatheringNote {

    private static final CommandName DEL = CommandName.of("DEL");
    private static final CommandName HGETALL = CommandName.of("HGETALL");
    private static final CommandName HSET = CommandName.of("HMSET");
    private static final String POSITION = "position";

    private final SlotCalls calls;
    private final byte[] base;

    /** @param base the name of the note */
    GatheringNote(SlotCalls calls, byte[] base) {
        this.calls = calls;
        this.base = base;
    }

    /** Where the command stands in the log; null when there is no note. */
    LogPosition read() throws ApplyAbortedException, SessionEndedException {
        List<?> fields = fields();
        for (int i = 0; i < fields.size(); i += 2) {
            if (text(fields.get(i)).equals(POSITION)) {
                return LogPosition.parse(text(fields.get(i + 1)));
            }
        }
        return null;
    }

    void write(GatheredCommand command, LogPosition position) throws ApplyAbortedException, SessionEndedException {
        List<byte[]> args = new ArrayList<>(List.of(base, ascii(POSITION), ascii(position.toString())));
        for (Key key : command.keys()) {
            args.add(ascii("copy" + args.size() / 2));
            args.add(key.copy());
        }
        reply(note(HSET, args.toArray(new byte[0][])));
    }

    /** Removes the note and the copies that it names. */
    void drop() throws ApplyAbortedException, SessionEndedException {
        List<?> fields = fields();
        List<byte[]> gone = new ArrayList<>(List.of(base));
        for (int i = 0; i < fields.size(); i += 2) {
            if (!text(fields.get(i)).equals(POSITION)) {
                gone.add((byte[]) fields.get(i + 1));
            }
        }
        reply(note(DEL, gone.toArray(new byte[0][])));
    }

    private List<?> fields() throws ApplyAbortedException, SessionEndedException {
        return (List<?>) reply(note(HGETALL, base));
    }

    private Object reply(Note command) throws ApplyAbortedException, SessionEndedException {
        Object reply = calls.call(HashSlot.of(base), List.of(command)).get(0);
        if (reply instanceof JedisDataException refusal) {
            throw new SinkFailure("The destination " + calls.answered()
                    + " does not take the sink's note of a command over several slots, a key that begins with"
                    + " __millrace:gathered:. "
                    + FailureClassifier.of(refusal).sentence());
        }
        return reply;
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
