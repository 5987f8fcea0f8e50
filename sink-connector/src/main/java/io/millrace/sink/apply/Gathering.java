package io.millrace.sink.apply;

import static io.millrace.sink.apply.KeyTransfer.note;

import io.millrace.endpoint.Address;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.sink.apply.GatheredCommand.Key;
import io.millrace.sink.plan.CommandName;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Executes a command whose keys are in several slots. Everything before it in the log is applied, so the keys are what they
 * were at the source when it ran. Their values are copied to names in one slot, the command runs there, in one transaction
 * with the making of the copies, and the copies then hold what the keys are to be. That is put in the keys' places, which can
 * be done any number of times.
 *
 * <p>A script may do with the names of its keys what no copy can bear: write them somewhere, or make other names of them. So it
 * runs twice, on copies with different names, and must leave the same.
 *
 * <p>Belongs to the thread that applies.
 */
final class Gathering {

    private static final CommandName CLUSTER = CommandName.of("CLUSTER");
    private static final CommandName DEL = CommandName.of("DEL");
    private static final CommandName DUMP = CommandName.of("DUMP");
    private static final CommandName EXISTS = CommandName.of("EXISTS");
    private static final CommandName PTTL = CommandName.of("PTTL");
    private static final int MOST_NAMES = 100_000;

    private final SlotCalls calls;
    private final KeyTransfer keys;
    private final ReplyJudge judge;

    Gathering(SlotCalls calls, ReplyJudge judge) {
        this.calls = calls;
        this.keys = new KeyTransfer(calls);
        this.judge = judge;
    }

    /**
     * Executes the command on copies; changes nothing else, and can be repeated as long as {@link #carryOut} has not begun.
     *
     * @return whether the copies hold what the keys are to be; false when the command was refused, reported and is left out
     * @throws SinkFailure when it was refused and the task is to stop
     */
    boolean execute(GatheredCommand command, byte[] base) throws ApplyAbortedException, SessionEndedException {
        int slot = HashSlot.of(base);
        List<Note> bringing = new ArrayList<>();
        List<Note> bringingTwins = new ArrayList<>();
        for (Key key : command.keys()) {
            if (key.brought()) {
                KeyState state = keys.read(key.name());
                if (state.payload() != null) {
                    bringing.addAll(KeyTransfer.writing(key.copy(), state));
                    bringingTwins.addAll(KeyTransfer.writing(key.twin(), state));
                }
            }
        }
        List<Note> all = new ArrayList<>();
        all.add(note(DEL, names(command)));
        if (command.isScript()) {
            all.add(count(slot));
        }
        all.addAll(bringing);
        int at = all.size();
        all.add(command.onCopies());
        if (command.isScript()) {
            all.addAll(bringingTwins);
            all.add(command.onTwins());
            for (Key key : command.keys()) {
                all.addAll(List.of(
                        note(DUMP, key.copy()),
                        note(PTTL, key.copy()),
                        note(DUMP, key.twin()),
                        note(PTTL, key.twin())));
            }
            all.add(note(EXISTS, names(command)));
            all.add(count(slot));
        }
        List<Object> replies = calls.transact(slot, all);
        Address node = calls.answered();
        for (int i = 0; i < replies.size(); i++) {
            boolean its = i == at || all.get(i).name().equals(command.command().name());
            if (!its && replies.get(i) instanceof JedisDataException refusal && !refused(replies.get(at), refusal)) {
                throw new SinkFailure("The destination " + node
                        + " refuses what is needed to execute a command over several slots: "
                        + all.get(i).name() + ". "
                        + FailureClassifier.of(refusal).sentence());
            }
        }
        if (replies.get(at) instanceof JedisDataException) {
            judge.judge(command.command(), replies.get(at), false, node);
            if (!command.isScript() || !(replies.get(0) instanceof Long)) {
                drop(command, base);
                return false;
            }
            // What a script has done before its error stays, here as at the source.
        }
        if (command.isScript() && !isIndifferentToNames(command, replies)) {
            dropAll(slot, base);
            judge.refuse(
                    command.command(),
                    node,
                    RedisFailure.of(
                            Kind.CROSSSLOT,
                            "the script cannot run on copies of its keys, as it uses other keys than KEYS, or makes values"
                                    + " of their names"));
            return false;
        }
        return true;
    }

    /** Whether a discarded transaction has given all its commands the reason. */
    private static boolean refused(Object reply, JedisDataException other) {
        return reply instanceof JedisDataException its
                && String.valueOf(its.getMessage()).equals(other.getMessage());
    }

    private static boolean isIndifferentToNames(GatheredCommand command, List<Object> replies) {
        int end = replies.size();
        long strays = (Long) replies.get(end - 1) - (Long) replies.get(1) - (Long) replies.get(end - 2);
        if (strays != 0) {
            return false;
        }
        int first = end - 2 - 4 * command.keys().size();
        for (int i = first; i < end - 2; i += 4) {
            KeyState copy = new KeyState((byte[]) replies.get(i), (Long) replies.get(i + 1));
            KeyState twin = new KeyState((byte[]) replies.get(i + 2), (Long) replies.get(i + 3));
            if (!copy.isLike(twin)) {
                return false;
            }
        }
        return true;
    }

    /** Puts what the copies hold in the keys' places; can be repeated as long as the copies are there. */
    void carryOut(GatheredCommand command) throws ApplyAbortedException, SessionEndedException {
        for (Key key : command.keys()) {
            if (key.changed()) {
                keys.write(key.name(), keys.read(key.copy()));
            }
        }
    }

    /** Removes the copies and the note of them. */
    void drop(GatheredCommand command, byte[] base) throws ApplyAbortedException, SessionEndedException {
        List<byte[]> gone = new ArrayList<>(List.of(names(command)));
        gone.add(base);
        calls.call(HashSlot.of(base), List.of(note(DEL, gone.toArray(new byte[0][]))));
    }

    /** Removes whatever has such a name, as far as it can be found. */
    private void dropAll(int slot, byte[] base) throws ApplyAbortedException, SessionEndedException {
        Object found = calls.call(slot, List.of(note(CLUSTER, ascii("GETKEYSINSLOT"), ascii(slot), ascii(MOST_NAMES))))
                .get(0);
        if (!(found instanceof List<?> names)) {
            return;
        }
        List<byte[]> gone = new ArrayList<>();
        for (Object name : names) {
            byte[] bytes = (byte[]) name;
            if (bytes.length >= base.length && Arrays.equals(bytes, 0, base.length, base, 0, base.length)) {
                gone.add(bytes);
            }
        }
        if (!gone.isEmpty()) {
            calls.call(slot, List.of(note(DEL, gone.toArray(new byte[0][]))));
        }
    }

    private static byte[][] names(GatheredCommand command) {
        List<byte[]> names = new ArrayList<>();
        for (Key key : command.keys()) {
            names.add(key.copy());
            if (command.isScript()) {
                names.add(key.twin());
            }
        }
        return names.toArray(new byte[0][]);
    }

    private static Note count(int slot) {
        return note(CLUSTER, ascii("COUNTKEYSINSLOT"), ascii(slot));
    }

    private static byte[] ascii(long number) {
        return ascii(Long.toString(number));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
