package io.millrace.cli.replay;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.options.Side;
import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of the target that are not our own notes, on every master. Each call opens its own connections. */
final class TargetKeys {
    /** The prefix of the sink's notes in the target, which are no data. */
    private static final byte[] OWN = "__millrace:".getBytes(StandardCharsets.UTF_8);

    private static final Duration FLUSH = Duration.ofMinutes(10);

    private final Side target;

    TargetKeys(Side target) {
        this.target = target;
    }

    /**
     * Any key, for people: printable, with its database.
     *
     * @throws Failure when the target does not answer
     */
    Optional<String> any() {
        return onMasters(TargetKeys::anyOf);
    }

    /** Removes all keys of all databases. */
    void flush() {
        onMasters(node -> {
            node.readTimeout(FLUSH);
            node.call("FLUSHALL");
            return Optional.empty();
        });
    }

    private interface Question {
        Optional<String> ask(Node node);
    }

    /** The first answer that is not empty. */
    private Optional<String> onMasters(Question question) {
        NodeConnector connector = new NodeConnector(target.endpoint(Topology.CLUSTER));
        try {
            for (Address address : masters(connector)) {
                try (Node node = connector.open(address)) {
                    Optional<String> answer = question.ask(node);
                    if (answer.isPresent()) {
                        return answer;
                    }
                }
            }
            return Optional.empty();
        } catch (RedisFailureException e) {
            throw new Failure(ExitStatus.REFUSED, "The target " + target + " cannot be used: " + e.getMessage());
        }
    }

    private List<Address> masters(NodeConnector connector) {
        RedisFailureException last = null;
        for (Address address : connector.entrances()) {
            try (Node node = connector.open(address)) {
                return ServerInfo.of(node).clusterEnabled()
                        ? new ArrayList<>(ClusterLayout.of(node).masters())
                        : List.of(address);
            } catch (RedisFailureException e) {
                last = e;
            }
        }
        throw last;
    }

    private static Optional<String> anyOf(Node node) {
        for (String field : ServerInfo.of(node).fields().keySet()) {
            if (field.matches("db\\d+")) {
                String db = field.substring(2);
                if (!db.equals("0")) {
                    node.call("SELECT", db);
                }
                Optional<String> key = scan(node);
                if (!db.equals("0")) {
                    node.call("SELECT", "0");
                }
                if (key.isPresent()) {
                    return Optional.of(key.get() + " in database " + db);
                }
            }
        }
        return Optional.empty();
    }

    /** Ends with the first key that is not ours, so that it is quick on a target that is full. */
    private static Optional<String> scan(Node node) {
        byte[] cursor = {'0'};
        do {
            List<?> reply = (List<?>) node.call(ascii("SCAN"), cursor, ascii("COUNT"), ascii("1000"));
            cursor = (byte[]) reply.get(0);
            for (Object key : (List<?>) reply.get(1)) {
                if (!isOwn((byte[]) key)) {
                    return Optional.of(printable((byte[]) key));
                }
            }
        } while (cursor.length != 1 || cursor[0] != '0');
        return Optional.empty();
    }

    private static boolean isOwn(byte[] key) {
        if (key.length < OWN.length) {
            return false;
        }
        for (int i = 0; i < OWN.length; i++) {
            if (key[i] != OWN[i]) {
                return false;
            }
        }
        return true;
    }

    private static String printable(byte[] key) {
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < Math.min(key.length, 40); i++) {
            text.append(
                    key[i] >= ' ' && key[i] < 127 ? String.valueOf((char) key[i]) : String.format("\\x%02x", key[i]));
        }
        return text.append(key.length > 40 ? "…'" : "'").toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
