package io.millrace.sink.apply;

import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.apply.GuardedTransaction.Answer;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.CheckpointStore;
import io.millrace.sink.checkpoint.LogPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The connection of a session to a standalone destination. All that it writes are transactions that hold checkpoints, and
 * that are executed only while nobody else has written these.
 *
 * <p>Belongs to the thread that applies, but for {@link #cut}.
 */
final class GuardedLink {

    private final Node node;
    private final CheckpointGuard guard;
    private final Claims claims;
    private final Map<LogPartition, Checkpoint> written;
    private final Set<Integer> databases = new HashSet<>(Set.of(0));

    /** What was answered about the checkpoints since they are watched; null when they are not. */
    private List<Object> guarded;

    /** Open, behind what is on its way; null for none. */
    private GuardedTransaction open;

    /** What the transaction that is on its way says of its partitions. */
    private Map<LogPartition, Checkpoint> writing = Map.of();

    /** @param claimed the checkpoints as they stand in the destination */
    GuardedLink(Node node, CheckpointKeys keys, Claims claims, Map<LogPartition, Checkpoint> claimed) {
        this.node = node;
        this.claims = claims;
        this.written = new HashMap<>(claimed);
        this.guard = new CheckpointGuard(claimed.keySet(), keys, claims);
    }

    Address address() {
        return node.address();
    }

    /** The checkpoints as they stand in the destination by what was answered. */
    Map<LogPartition, Checkpoint> written() {
        return written;
    }

    /**
     * Opens a transaction behind the one that is on its way, whose outcome will decide whether it is executed.
     *
     * @return false when that cannot be now
     */
    boolean open(GuardedTransaction next) {
        if (open != null || node.isLoginDue()) {
            return false;
        }
        next.open(node);
        node.flush();
        open = next;
        return true;
    }

    /** Whether that is what {@link #open} has opened. */
    boolean isOpen(GuardedTransaction next) {
        return next != null && open == next;
    }

    /** Whether a command for this database can go into a transaction without a try. */
    boolean isSelectable(int db) {
        return databases.contains(db);
    }

    /** For what must not go into the open transaction. */
    private void takeBack() {
        if (open != null) {
            open.discard(node);
            open = null;
            guarded = null; // nothing is watched any more
        }
    }

    /**
     * Sends it with its checkpoints, once it is known that nobody else has written since the transaction before. What came
     * back about the next is looked at when there is a next: first comes what was executed.
     */
    void send(GuardedTransaction sent, Map<LogPartition, Checkpoint> next) throws SessionEndedException {
        boolean isOpen = isOpen(sent);
        if (!isOpen) {
            takeBack();
            node.keepLoggedIn();
        }
        List<Object> state = guarded == null ? GuardedTransaction.call(node, guard.commands()) : guarded;
        guarded = null;
        guard.check(state, written);
        next.forEach((partition, checkpoint) -> sent.add(0, CheckpointStore.hset(guard.key(partition), checkpoint)));
        writing = next;
        if (!isOpen) {
            sent.open(node);
        }
        open = null;
        sent.execute(node, guard.commands());
    }

    /** What came of the transaction that was sent. */
    Answer answer(GuardedTransaction sent) {
        Answer answer = sent.answer(node);
        guarded = answer.guard();
        if (answer.executed() instanceof List<?>) {
            written.putAll(writing);
            writing.keySet().forEach(claims::written);
        }
        return answer;
    }

    /** Sends it, and waits for what comes of it. */
    Answer exchange(GuardedTransaction whole, Map<LogPartition, Checkpoint> next) throws SessionEndedException {
        send(whole, next);
        return answer(whole);
    }

    /** Writes all checkpoints again, those of other sinks too, after commands that take database 0 away. */
    void bringBack(GuardedTransaction transaction, CheckpointMoves moves, Map<LogPartition, Checkpoint> next) {
        takeBack();
        Map<byte[], byte[][]> others = OtherCheckpoints.watch(node, guard.keys());
        if (moves.isAstray()) {
            selectable(moves.db());
            for (byte[] key : guard.keys()) {
                transaction.add(moves.db(), new byte[][] {CheckpointStore.DEL, key});
            }
            for (byte[] key : others.keySet()) {
                transaction.add(moves.db(), new byte[][] {CheckpointStore.DEL, key});
            }
        }
        others.values().forEach(write -> transaction.add(0, write));
        written.forEach(next::putIfAbsent);
    }

    /** A SELECT that fails inside a transaction would send what follows to the wrong database: it is tried before. */
    void selectable(int db) {
        if (isSelectable(db)) {
            return;
        }
        takeBack();
        try {
            node.call("SELECT", Integer.toString(db));
        } catch (RedisFailureException e) {
            throw e.kind().disposition() == Disposition.RECORD ? Nodes.noDatabase(node.address(), db, e) : e;
        }
        node.call("SELECT", "0");
        databases.add(db);
    }

    /** Ends the connection, so that a wait for a reply ends too. Thread-safe. */
    void cut() {
        node.connection().setBroken();
        node.close();
    }
}
