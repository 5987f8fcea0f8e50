package io.millrace.sink.apply;

import io.millrace.client.ClusterView;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Disposition;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hash of Millrace's own in database 0 of the destination, on a connection of its own. What fails and can pass is tried
 * again within the same windows as changes are. Belongs to the thread that applies.
 */
public final class OwnHash implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OwnHash.class);
    private static final int FIELDS_A_COMMAND = 500;
    private static final byte[] START = ascii("0");

    private final byte[] key;
    private final String what;
    private final NodeConnector connector;
    private final RetryWindows retries;
    private final AbortSignal abort;
    private final Consumer<ApplyState> state;
    private final LongSupplier millis;
    private ClusterView view;
    private Node node;

    /**
     * @param what is noted in it, for messages: "keys with refused changes"
     * @param millis a clock that never goes back
     */
    public OwnHash(
            byte[] key,
            String what,
            NodeConnector connector,
            ApplySettings settings,
            AbortSignal abort,
            Consumer<ApplyState> state,
            LongSupplier millis) {
        this.key = key;
        this.what = what;
        this.connector = connector;
        this.retries = new RetryWindows(settings);
        this.abort = abort;
        this.state = state;
        this.millis = millis;
    }

    /**
     * Every field and its value; a field may be given twice, also when a lost connection makes it begin again.
     *
     * @throws SinkFailure when it cannot be read
     */
    public void read(BiConsumer<byte[], byte[]> fields) throws ApplyAbortedException {
        byte[] cursor = START;
        do {
            byte[] from = cursor;
            List<?> reply = (List<?>) call(open -> open.call(ascii("HSCAN"), key, from, ascii("COUNT"), ascii("1000")));
            cursor = (byte[]) reply.get(0);
            List<?> pairs = (List<?>) reply.get(1);
            for (int i = 0; i < pairs.size(); i += 2) {
                fields.accept((byte[]) pairs.get(i), (byte[]) pairs.get(i + 1));
            }
        } while (!Arrays.equals(cursor, START));
    }

    /** @param pairs field, value, field, value … */
    public void put(List<byte[]> pairs) throws ApplyAbortedException {
        send("HSET", pairs, 2 * FIELDS_A_COMMAND);
    }

    public void remove(List<byte[]> fields) throws ApplyAbortedException {
        send("HDEL", fields, FIELDS_A_COMMAND);
    }

    private void send(String name, List<byte[]> args, int most) throws ApplyAbortedException {
        for (int from = 0; from < args.size(); from += most) {
            List<byte[]> command = new ArrayList<>(List.of(ascii(name), key));
            command.addAll(args.subList(from, Math.min(args.size(), from + most)));
            call(open -> open.call(command.toArray(new byte[0][])));
        }
    }

    private Object call(Function<Node, Object> request) throws ApplyAbortedException {
        while (true) {
            try {
                Object reply = request.apply(open());
                retries.progress();
                return reply;
            } catch (RedisFailureException e) {
                close();
                failed(e.failure());
            }
        }
    }

    private Node open() {
        if (node == null) {
            node = connector.open(address());
        }
        return node;
    }

    private Address address() {
        if (connector.endpoint().topology() != Topology.CLUSTER) {
            return connector.server();
        }
        if (view == null) {
            view = new ClusterView(connector);
        } else {
            view.refresh();
        }
        Address master = view.layout().master(HashSlot.of(key));
        if (master == null) {
            throw new RedisFailureException(
                    connector.endpoint().firstAddress().toString(),
                    RedisFailure.of(Kind.CLUSTERDOWN, "slot " + HashSlot.of(key) + " has no master"),
                    null);
        }
        return master;
    }

    private void failed(RedisFailure failure) throws ApplyAbortedException {
        String name = new String(key, StandardCharsets.UTF_8);
        if (failure.kind().disposition() != Disposition.RETRY) {
            throw new SinkFailure("The key " + name + " at the destination, where " + what + " are noted,"
                    + " cannot be used. " + failure.sentence());
        }
        LOG.warn("Noting {} waits. {}", what, failure.sentence());
        state.accept(
                failure.kind() == Kind.OOM
                        ? ApplyState.WAITING_FOR_MEMORY
                        : RetryWindows.isConnection(failure.kind()) ? ApplyState.RECONNECTING : ApplyState.RETRYING);
        abort.pause(retries.failed(failure, millis.getAsLong()));
        state.accept(ApplyState.RUNNING);
    }

    @Override
    public void close() {
        if (node != null) {
            Node open = node;
            node = null;
            open.close();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
