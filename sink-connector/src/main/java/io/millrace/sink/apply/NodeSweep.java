package io.millrace.sink.apply;

import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.plan.CommandName;
import io.millrace.sink.plan.KeySweep;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Looks through the databases of one master, a batch of keys at a time, and removes those that are to go. */
final class NodeSweep {

    private static final CommandName INFO = CommandName.of("INFO");
    private static final CommandName SCAN = CommandName.of("SCAN");
    private static final CommandName UNLINK = CommandName.of("UNLINK");
    private static final CommandName ASKING = CommandName.of("ASKING");
    private static final CommandName CLUSTER = CommandName.of("CLUSTER");
    private static final byte[] NODES = ascii("NODES");
    private static final byte[] COUNT = ascii("COUNT");
    private static final byte[] KEYS_A_BATCH = ascii("1000");
    private static final byte[] START = ascii("0");
    private static final byte[][] NO_ARGS = {};

    private final Nodes nodes;
    private final Address master;
    private final KeySweep sweep;
    private final GhostCount count;
    private final AbortSignal abort;
    private final Unlinking unlinking;
    private boolean moving;

    NodeSweep(Nodes nodes, Address master, KeySweep sweep, GhostCount count, AbortSignal abort, Unlinking unlinking) {
        this.unlinking = unlinking;
        this.nodes = nodes;
        this.master = master;
        this.sweep = sweep;
        this.count = count;
        this.abort = abort;
    }

    /**
     * @return whether a slot of the node is on its way to or from another
     * @throws RedisFailureException when the node is lost, is no master any more or has refused something
     */
    boolean run() throws ApplyAbortedException, SessionEndedException {
        moving = hasOpenSlots();
        for (int db : databases()) {
            byte[] cursor = START;
            do {
                abort.check();
                List<?> reply = (List<?>) call(db, SCAN, cursor, COUNT, KEYS_A_BATCH);
                cursor = (byte[]) reply.get(0);
                look(db, (List<?>) reply.get(1));
            } while (!Arrays.equals(cursor, START));
        }
        moving |= hasOpenSlots();
        // It may have become a replica meanwhile, of a master that has more keys.
        databases();
        return moving;
    }

    private TreeSet<Integer> databases() {
        ServerInfo info = ServerInfo.parse((byte[]) call(0, INFO));
        if (info.role().equals("slave")) {
            throw new RedisFailureException(
                    master.toString(), RedisFailure.of(Kind.READONLY, "the node is a replica now"), null);
        }
        TreeSet<Integer> databases = new TreeSet<>();
        for (String field : info.fields().keySet()) {
            if (field.startsWith("db") && isNumber(field, 2)) {
                int db = Integer.parseInt(field.substring(2));
                if (sweep.covers(db)) {
                    databases.add(db);
                }
            }
        }
        return databases;
    }

    private static boolean isNumber(String text, int from) {
        return text.length() > from
                && text.substring(from).chars().allMatch(c -> c >= '0' && c <= '9')
                && text.length() < from + 9;
    }

    private boolean hasOpenSlots() {
        return nodes.isCluster() && SettledPasses.hasOpenSlots((byte[]) call(0, CLUSTER, NODES));
    }

    private void look(int db, List<?> keys) throws SessionEndedException {
        List<byte[]> ghosts = new ArrayList<>();
        for (Object key : keys) {
            if (sweep.isUnwanted(db, (byte[]) key)) {
                ghosts.add((byte[]) key);
            }
        }
        if (ghosts.isEmpty()) {
            return;
        }
        if (!sweep.removes()) {
            count.add(ghosts.size(), ghosts.get(0));
        } else if (nodes.isCluster()) {
            removeEach(db, ghosts);
        } else if (unlinking != null) {
            count.add(unlinking.unlink(db, ghosts), ghosts.get(0));
        } else {
            Object removed = call(db, UNLINK, ghosts.toArray(new byte[0][]));
            count.add((Long) removed, ghosts.get(0));
        }
    }

    /** On a cluster the keys are in many slots; ASKING makes a node that is getting a slot take the command. */
    private void removeEach(int db, List<byte[]> ghosts) {
        Pipeline pipeline = nodes.pipeline(master, db);
        try {
            for (byte[] key : ghosts) {
                pipeline.write(ASKING, NO_ARGS);
                pipeline.write(UNLINK, key);
            }
            RedisFailure failure = null;
            for (byte[] key : ghosts) {
                checked(ASKING, pipeline.reply());
                Object removed = pipeline.reply();
                if (removed instanceof Long number) {
                    count.add(number, key);
                    continue;
                }
                failure = FailureClassifier.of((JedisDataException) removed);
            }
            if (failure != null) {
                throw new RedisFailureException(master + " (UNLINK)", failure, null);
            }
        } catch (JedisException e) {
            throw new RedisFailureException(master + " (UNLINK)", FailureClassifier.of(e), e);
        }
    }

    private Object call(int db, CommandName name, byte[]... args) {
        Pipeline pipeline = nodes.pipeline(master, db);
        try {
            pipeline.write(name, args);
            return checked(name, pipeline.reply());
        } catch (JedisException e) {
            throw new RedisFailureException(master + " (" + name + ")", FailureClassifier.of(e), e);
        }
    }

    private Object checked(CommandName name, Object reply) {
        if (reply instanceof JedisDataException refusal) {
            throw new RedisFailureException(master + " (" + name + ")", FailureClassifier.of(refusal), refusal);
        }
        return reply;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
