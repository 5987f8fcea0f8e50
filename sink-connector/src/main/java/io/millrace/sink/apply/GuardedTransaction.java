package io.millrace.sink.apply;

import io.millrace.client.Node;
import io.millrace.sink.plan.CommandName;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.ReplyRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * One transaction on the wire, and the commands behind it that guard the next: they are answered in the same round trip.
 *
 * <p>The transaction begins and ends in database 0.
 */
final class GuardedTransaction {

    /**
     * What came of it.
     *
     * @param queued the replies to what was queued, errors as exceptions
     * @param executed a list of replies; null when a watched key was changed; an exception when nothing was executed
     * @param guard the replies to what came behind, errors as exceptions
     */
    record Answer(List<Object> queued, Object executed, List<Object> guard) {}

    private static final CommandName MULTI = CommandName.of("MULTI");
    private static final CommandName EXEC = CommandName.of("EXEC");
    private static final CommandName DISCARD = CommandName.of("DISCARD");
    private static final byte[] SELECT = "SELECT".getBytes(StandardCharsets.US_ASCII);
    private static final CommandName SET = CommandName.of("SET");
    private static final CommandName MSET = CommandName.of("MSET");

    /** Keys of one MSET. */
    private static final int MOST_MERGED = 512;

    /** A {@link PlannedCommand}, or a {@code byte[][]} for a command that is not of the log. */
    private final List<Object> items = new ArrayList<>();

    /** The places of what went over the wire as a part of an MSET. */
    private final BitSet merged = new BitSet();

    private final boolean merging;
    private int db;

    /** Of each command that went over the wire the first item behind it. */
    private int[] ends = {};

    private int sent;

    /** How many items have gone over the wire. */
    private int written;

    private int guards;

    /** A transaction in which plain SETs that follow each other go over the wire as MSET. */
    GuardedTransaction() {
        this(true);
    }

    /** @param merging false where each command is to have a reply of its own */
    GuardedTransaction(boolean merging) {
        this.merging = merging;
    }

    void add(PlannedCommand command) {
        select(command.db());
        items.add(command);
    }

    /** A command of our own. */
    void add(int inDatabase, byte[][] command) {
        select(inDatabase);
        items.add(command);
    }

    private void select(int wanted) {
        if (db != wanted) {
            db = wanted;
            items.add(new byte[][] {SELECT, Integer.toString(wanted).getBytes(StandardCharsets.US_ASCII)});
        }
    }

    /** The command of the log at a place among the replies; null when it is one of our own. */
    PlannedCommand command(int at) {
        return items.get(at) instanceof PlannedCommand command ? command : null;
    }

    /** Whether the command at a place shares its reply with others, of which each alone might have had another. */
    boolean isMerged(int at) {
        return merged.get(at);
    }

    /** The name of our own command at a place among the replies. */
    String ownName(int at) {
        return new String(((byte[][]) items.get(at))[0], StandardCharsets.US_ASCII);
    }

    /**
     * Writes what has been added; the transaction is open then. Replies may be awaited to what was sent before.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when the connection is lost
     */
    void open(Node node) {
        WireCommand.send(node.connection(), MULTI);
        writeItems(node.connection());
    }

    /**
     * Sends what has been added since it was opened, its end, and the commands behind it.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when the connection is lost: nobody knows what was executed
     */
    void execute(Node node, List<byte[][]> guard) {
        select(0);
        writeItems(node.connection());
        WireCommand.send(node.connection(), EXEC);
        guard.forEach(command -> send(node.connection(), command));
        guards = guard.size();
        node.flush();
    }

    /** Takes an open one back, and reads all replies. The connection watches nothing then. */
    void discard(Node node) {
        WireCommand.send(node.connection(), DISCARD);
        node.flush();
        replies(node.connection(), sent + 2, false);
    }

    private void writeItems(Connection connection) {
        ends = Arrays.copyOf(ends, items.size());
        for (int from = written; from < items.size(); from = ends[sent++]) {
            ends[sent] = write(connection, from);
        }
        written = items.size();
    }

    /**
     * Reads all replies to what was sent.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when the connection is lost: nobody knows what was executed
     */
    Answer answer(Node node) {
        Connection connection = node.connection();
        Object begun = reply(connection, false);
        List<Object> queued = new ArrayList<>(sent);
        for (int i = 0; i < sent; i++) {
            queued.add(reply(connection, false));
        }
        queued = ofEach(queued);
        Object executed = reply(connection, false);
        if (executed instanceof List<?> replies) {
            executed = ofEach(replies);
        }
        if (begun instanceof JedisDataException) {
            executed = begun;
        }
        return new Answer(queued, executed, replies(connection, guards, false));
    }

    /** Writes what stands at a place, and what goes into the same command; returns the place behind. */
    private int write(Connection connection, int from) {
        if (!(items.get(from) instanceof PlannedCommand command)) {
            send(connection, (byte[][]) items.get(from));
            return from + 1;
        }
        int end = from + 1;
        if (merging && isPlainSet(command)) {
            int most = Math.min(items.size(), from + MOST_MERGED);
            while (end < most && items.get(end) instanceof PlannedCommand next && isPlainSet(next)) {
                end++;
            }
        }
        if (end == from + 1) {
            WireCommand.send(connection, command.name(), command.args());
            return end;
        }
        byte[][] args = new byte[2 * (end - from)][];
        for (int i = from; i < end; i++) {
            System.arraycopy(((PlannedCommand) items.get(i)).args(), 0, args, 2 * (i - from), 2);
        }
        WireCommand.send(connection, MSET, args);
        merged.set(from, end);
        return end;
    }

    /** What MSET does as well: same effect, same event. */
    private static boolean isPlainSet(PlannedCommand command) {
        return command.name().equals(SET) && command.args().length == 2 && command.rule() == ReplyRule.PLAIN;
    }

    /** The replies to what went over the wire as replies to each of the items. */
    private List<Object> ofEach(List<?> replies) {
        List<Object> each = new ArrayList<>(items.size());
        for (int i = 0; i < replies.size(); i++) {
            while (each.size() < ends[i]) {
                each.add(replies.get(i));
            }
        }
        return each;
    }

    /** Sends commands outside of a transaction, and reads their replies. */
    static List<Object> call(Node node, List<byte[][]> commands) {
        commands.forEach(command -> send(node.connection(), command));
        return replies(node.connection(), commands.size(), true);
    }

    private static List<Object> replies(Connection connection, int count, boolean unsent) {
        List<Object> replies = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            replies.add(reply(connection, unsent && i == 0));
        }
        return replies;
    }

    private static void send(Connection connection, byte[][] command) {
        WireCommand.send(
                connection,
                CommandName.of(new String(command[0], StandardCharsets.ISO_8859_1)),
                Arrays.copyOfRange(command, 1, command.length));
    }

    private static Object reply(Connection connection, boolean flush) {
        try {
            return flush ? connection.getOne() : connection.getUnflushedObject();
        } catch (JedisConnectionException e) {
            throw e;
        } catch (JedisDataException e) {
            return e;
        }
    }
}
