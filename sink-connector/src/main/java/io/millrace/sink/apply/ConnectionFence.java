package io.millrace.sink.apply;

import io.millrace.client.Node;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps the earlier owners of a partition from writing to the nodes of a cluster, where one key cannot guard the transactions
 * of all slots. Every connection that writes carries the id of its session as its name, and carries it before the session
 * claims its partitions. A session that has claimed them ends, on every node, the connections with the ids of earlier owners.
 * Those were all there to be seen: no session opens one after its claim.
 */
final class ConnectionFence {

    private static final String PREFIX = "millrace-";

    private ConnectionFence() {}

    /**
     * Names a connection.
     *
     * @throws SinkFailure when the user must not
     */
    static void name(Node node, String session) {
        call(node, "CLIENT", "SETNAME", PREFIX + session);
    }

    /**
     * Ends the connections of these sessions at one node.
     *
     * @return how many there were
     * @throws SinkFailure when the user must not
     */
    static int sweep(Node node, Collection<String> sessions) {
        if (sessions.isEmpty()) {
            return 0;
        }
        Set<String> names = new HashSet<>();
        sessions.forEach(session -> names.add(PREFIX + session));
        int ended = 0;
        String list = new String((byte[]) call(node, "CLIENT", "LIST"), StandardCharsets.UTF_8);
        for (String line : list.split("\n")) {
            String name = field(line, " name=");
            if (name != null && names.contains(name)) {
                // 0 when it has gone by itself in between
                ended += ((Long) call(node, "CLIENT", "KILL", "ID", field(line, "id="))).intValue();
            }
        }
        return ended;
    }

    /** {@code id=7 addr=… name=… age=…}: fields are separated by blanks, and a name has none (networking.c). */
    private static String field(String line, String label) {
        int at = label.startsWith(" ") ? line.indexOf(label) : line.startsWith(label) ? 0 : -1;
        if (at < 0) {
            return null;
        }
        int from = at + label.length();
        int end = line.indexOf(' ', from);
        return end < 0 ? line.substring(from) : line.substring(from, end);
    }

    private static Object call(Node node, String... command) {
        try {
            return node.call(command);
        } catch (RedisFailureException e) {
            if (e.kind() != Kind.PERMISSION && e.kind() != Kind.UNKNOWN_COMMAND) {
                throw e;
            }
            throw new SinkFailure(
                    node.address() + " refuses " + command[0] + ' ' + command[1]
                            + ", by which a sink on a cluster keeps the ones before it from writing ("
                            + e.failure().detail()
                            + "). Allow it with ACL SETUSER <user> +client|setname +client|list +client|kill, or set"
                            + " delivery.semantics=at-least-once.",
                    e);
        }
    }
}
