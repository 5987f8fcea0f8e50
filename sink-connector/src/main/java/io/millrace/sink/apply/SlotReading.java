package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.Redirect;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.checkpoint.SlotCheckpoints;
import io.millrace.sink.plan.CommandName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Reads the checkpoints of all slots of a partition at the beginning of a session: 16,384 keys, pipelined. */
final class SlotReading {

    private static final CommandName ASKING = CommandName.of("ASKING");
    private static final CommandName GET = CommandName.of("GET");
    private static final CommandName DEL = CommandName.of("DEL");
    private static final int AT_ONCE = 1000;

    private final ClusterNodes nodes;
    private final CheckpointKeys keys;
    private final Set<Address> strangers;

    /** @param strangers takes the masters that the session has no connection to, for the next session */
    SlotReading(ClusterNodes nodes, CheckpointKeys keys, Set<Address> strangers) {
        this.nodes = nodes;
        this.keys = keys;
        this.strangers = strangers;
    }

    /**
     * @param forget whether the checkpoints are of a log that was begun anew: they are removed then, not read
     * @throws RedisFailureException when a slot cannot be read now
     */
    void read(LogPartition partition, boolean forget, SlotCheckpoints into) {
        ClusterLayout layout = nodes.layout();
        for (Address master : layout.masters()) {
            int[] slots = layout.slotsOf(master);
            for (int from = 0; from < slots.length; from += AT_ONCE) {
                int end = Math.min(slots.length, from + AT_ONCE);
                List<Object> replies = exchange(master, partition, slots, from, end, forget ? DEL : GET);
                for (int i = from; i < end; i++) {
                    Object reply = replies.get(i - from);
                    if (reply instanceof JedisDataException refusal) {
                        reply = elsewhere(partition, slots[i], refusal, master, forget ? DEL : GET);
                    }
                    if (!forget && reply != null) {
                        into.put(partition, slots[i], parse(partition, slots[i], (byte[]) reply));
                    }
                }
            }
        }
    }

    private List<Object> exchange(
            Address master, LogPartition partition, int[] slots, int from, int end, CommandName command) {
        Pipeline pipeline = nodes.pipeline(master);
        if (pipeline == null) {
            throw stranger(master);
        }
        try {
            Connection connection = pipeline.node().connection();
            for (int i = from; i < end; i++) {
                connection.sendCommand(command, keys.slot(slots[i], partition));
            }
            return connection.getMany(end - from);
        } catch (JedisException e) {
            throw new RedisFailureException(master.toString(), FailureClassifier.of(e), e);
        }
    }

    /** The slot is being moved, and its checkpoint is there already, or has never been anywhere. */
    private Object elsewhere(
            LogPartition partition, int slot, JedisDataException refusal, Address master, CommandName command) {
        RedisFailure failure = FailureClassifier.of(refusal);
        Optional<Redirect> redirect = Redirect.parse(refusal.getMessage(), master);
        if (failure.kind() != Kind.ASK || redirect.isEmpty()) {
            throw new RedisFailureException(master + " (" + command + ")", failure, refusal);
        }
        Pipeline pipeline = nodes.pipeline(redirect.get().target());
        if (pipeline == null) {
            throw stranger(redirect.get().target());
        }
        try {
            Node node = pipeline.node();
            node.connection().sendCommand(ASKING);
            node.connection().sendCommand(command, keys.slot(slot, partition));
            Object reply = node.connection().getMany(2).get(1);
            if (reply instanceof JedisDataException second) {
                throw new RedisFailureException(
                        node.address() + " (" + command + ")", FailureClassifier.of(second), second);
            }
            return reply;
        } catch (JedisException e) {
            throw new RedisFailureException(redirect.get().target().toString(), FailureClassifier.of(e), e);
        }
    }

    private RedisFailureException stranger(Address address) {
        strangers.add(address);
        return new RedisFailureException(
                address.toString(), RedisFailure.of(Kind.MOVED, "it has become a master since the last look"), null);
    }

    private LogPosition parse(LogPartition partition, int slot, byte[] value) {
        try {
            return LogPosition.parse(new String(value, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new SinkFailure(
                    "The key " + new String(keys.slot(slot, partition), StandardCharsets.UTF_8)
                            + " in the destination is not a checkpoint that this version can read: "
                            + e.getMessage()
                            + ". Use the version that wrote it, or empty the destination and replay the log from its start.",
                    e);
        }
    }
}
