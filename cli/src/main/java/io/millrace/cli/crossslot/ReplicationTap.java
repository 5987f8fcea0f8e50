package io.millrace.cli.crossslot;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.SocketOpener;
import io.millrace.failure.FailureClassifier;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The replication stream of a server from now on, read as a replica that keeps nothing. It asks to continue at the end of the
 * server's backlog, so that the server makes no copy; without a backlog only if it may.
 *
 * <p>One thread reads; any thread may {@link #acknowledge} and {@link #close}.
 */
final class ReplicationTap implements AutoCloseable {

    private static final int MOST_ARGUMENTS = 1 << 20;
    private static final int LONGEST = 512 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private volatile boolean closed;

    private ReplicationTap(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
    }

    /**
     * @param mayCopy whether the server may make a copy of its data, which is read and dropped
     * @throws Failure when the server does not let it
     */
    static ReplicationTap open(RedisEndpoint endpoint, boolean mayCopy) {
        NodeConnector nodes = new NodeConnector(endpoint);
        Address address = nodes.server();
        String id;
        long offset;
        try (Node node = nodes.open(address)) {
            ServerInfo info = ServerInfo.of(node);
            if (info.clusterEnabled()) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        "The source is a cluster, so none of its commands has keys in several slots: there is nothing to"
                                + " count.");
            }
            boolean backlog = "1".equals(info.fields().get("repl_backlog_active"));
            if (!backlog && !mayCopy) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        "The source has no replication backlog, as it has had no replica lately, so that a look at its stream"
                                + " makes it write a copy of its data to its disk (BGSAVE). Add --allow-copy if it may.");
            }
            id = backlog ? info.fields().get("master_replid") : "?";
            offset = backlog ? Long.parseLong(info.fields().get("master_repl_offset")) + 1 : -1;
        }
        try {
            ReplicationTap tap = new ReplicationTap(new SocketOpener(endpoint).open(address));
            try {
                tap.begin(endpoint, id, offset, mayCopy);
                return tap;
            } catch (IOException | RuntimeException e) {
                tap.close();
                throw e;
            }
        } catch (IOException e) {
            throw new Failure("The replication stream of " + address + " cannot be read. "
                    + FailureClassifier.of(e).sentence());
        }
    }

    private void begin(RedisEndpoint endpoint, String id, long offset, boolean mayCopy) throws IOException {
        Optional<byte[][]> auth = endpoint.credentials().login().authCommand();
        if (auth.isPresent()) {
            send(auth.get());
            reply();
        }
        send(bytes("PSYNC"), bytes(id), bytes(Long.toString(offset)));
        String reply = reply();
        if (reply.startsWith("FULLRESYNC")) {
            if (!mayCopy) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        "The source could not continue at the end of its backlog and began a copy. Try again, or add"
                                + " --allow-copy.");
            }
            skipCopy();
        }
    }

    private void skipCopy() throws IOException {
        String length = line();
        if (!length.startsWith("$")) {
            throw new IOException("a copy does not begin with its length");
        }
        in.skipNBytes(Long.parseLong(length.substring(1)));
    }

    /** The next command with its name; null when the tap was closed. */
    byte[][] next() throws IOException {
        try {
            String head = line();
            if (!head.startsWith("*")) {
                throw new IOException("a command does not begin with the number of its parts");
            }
            int count = number(head, MOST_ARGUMENTS);
            byte[][] argv = new byte[count][];
            for (int i = 0; i < count; i++) {
                argv[i] = new byte[number(line(), LONGEST)];
                in.readFully(argv[i]);
                in.skipNBytes(2);
            }
            return argv;
        } catch (IOException e) {
            if (closed) {
                return null;
            }
            throw e;
        }
    }

    private static int number(String head, int most) throws IOException {
        long number = head.length() < 2 || head.length() > 12 ? -1 : Long.parseLong(head.substring(1));
        if (number < 0 || number > most) {
            throw new IOException("a length in the stream is out of range");
        }
        return (int) number;
    }

    /** Tells the server that this replica is alive. */
    void acknowledge() throws IOException {
        send(bytes("REPLCONF"), bytes("ACK"), bytes("0"));
    }

    private synchronized void send(byte[]... words) throws IOException {
        StringBuilder head = new StringBuilder("*").append(words.length).append("\r\n");
        out.write(bytes(head.toString()));
        for (byte[] word : words) {
            out.write(bytes("$" + word.length + "\r\n"));
            out.write(word);
            out.write(bytes("\r\n"));
        }
        out.flush();
    }

    private String reply() throws IOException {
        String line = line();
        if (line.startsWith("-")) {
            throw new Failure("The source does not let this command follow its stream. "
                    + FailureClassifier.ofReply(line.substring(1)).sentence());
        }
        return line.substring(1);
    }

    /** Without its end; empty lines, by which a server shows that it is alive, are passed over. */
    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the source has ended the connection");
            }
            if (b == '\n') {
                if (text.length() > 0) {
                    return text.toString();
                }
            } else if (b != '\r') {
                text.append((char) b);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            // nothing was to be written any more
        }
    }
}
