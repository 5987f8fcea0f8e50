package io.millrace.client;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.SocketOpener;
import io.millrace.endpoint.Topology;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Opens authenticated connections to single nodes of an endpoint (RESP2, named {@code millrace}). Thread-safe.
 *
 * <p>The socket is ours, not Jedis's: so one code path checks host names and sets timeouts (Jedis's own default is two
 * seconds). A connection is opened once; Jedis would otherwise reconnect in silence on the next command, without the login,
 * the database and the WATCH of the connection that broke.
 */
public final class NodeConnector {

    private static final byte[][] SET_NAME = {
        Request.ascii("CLIENT"), Request.ascii("SETNAME"), Request.ascii("millrace")
    };

    private final RedisEndpoint endpoint;
    private final SocketOpener sockets;

    /** Null unless they say where the server is. */
    private final Sentinels sentinels;

    /** @throws io.millrace.endpoint.InvalidEndpointException when a TLS file cannot be used */
    public NodeConnector(RedisEndpoint endpoint) {
        this.endpoint = endpoint;
        this.sockets = new SocketOpener(endpoint);
        this.sentinels = endpoint.topology() == Topology.SENTINEL ? new Sentinels(endpoint) : null;
    }

    public RedisEndpoint endpoint() {
        return endpoint;
    }

    /**
     * Connects, does the TLS handshake and logs in. Blocking, bounded by the endpoint's timeouts. A login that is refused
     * because it was changed just now is asked for once more.
     *
     * @throws RedisFailureException classified; nothing stays open
     */
    public Node open(Address address) {
        Login login = login(address);
        try {
            return open(address, login);
        } catch (RedisFailureException e) {
            Login now = e.kind() == Kind.AUTHENTICATION ? login(address) : login;
            if (now.equals(login)) {
                throw e;
            }
            return open(address, now);
        }
    }

    private Login login(Address address) {
        try {
            return endpoint.credentials().login();
        } catch (CredentialsException e) {
            throw new RedisFailureException(address.toString(), FailureClassifier.of(e), e);
        }
    }

    private Node open(Address address, Login login) {
        NodeConnection connection = new NodeConnection(new OneSocket(address));
        try {
            connection.connect();
            Node node = new Node(address, connection);
            Optional<byte[][]> auth = login.authCommand();
            if (auth.isPresent()) {
                node.call(auth.get());
            }
            nameClient(node);
            node.renewing(endpoint.credentials(), login);
            return node;
        } catch (RuntimeException e) {
            close(connection, e);
            if (e instanceof RedisFailureException) {
                throw e;
            }
            throw new RedisFailureException(address.toString(), FailureClassifier.of(e), e);
        }
    }

    /** A connection to {@link #server}: the standalone server, the master behind sentinels, or the first seed. */
    public Node openFirst() {
        return open(server());
    }

    /**
     * Where the server is now: the endpoint's address, or, behind sentinels, that of the master. They are asked each time,
     * and the master, whether it is one: right after a failover some do not know of it yet.
     *
     * @throws RedisFailureException when no sentinel answers, or there is no master
     */
    public Address server() {
        if (sentinels == null) {
            return endpoint.firstAddress();
        }
        Address master = sentinels.master();
        try (Node node = open(master)) {
            if (!mayBeMaster(node)) {
                throw new RedisFailureException(
                        master.toString(),
                        RedisFailure.of(Kind.NO_MASTER, "the server that they name is a replica by now"),
                        null);
            }
        }
        return master;
    }

    /** Where to begin: the server, the master behind sentinels, or the seeds of a cluster. See {@link #server}. */
    public List<Address> entrances() {
        return sentinels == null ? endpoint.addresses() : List.of(server());
    }

    /** The replicas behind sentinels that are well; none where there are no sentinels. */
    public List<Address> replicas() {
        return sentinels == null ? List.of() : sentinels.replicas();
    }

    /** A server that does not let this user ask is taken for what the sentinels say. */
    private static boolean mayBeMaster(Node node) {
        try {
            return !(node.call("ROLE") instanceof List<?> role
                    && !role.isEmpty()
                    && role.get(0) instanceof byte[] name
                    && new String(name, StandardCharsets.US_ASCII).equals("slave"));
        } catch (RedisFailureException e) {
            if (e.kind() == Kind.PERMISSION || e.kind() == Kind.UNKNOWN_COMMAND) {
                return true;
            }
            throw e;
        }
    }

    /** A name only helps whoever reads CLIENT LIST; a user without the right to set it is no reason to fail. */
    private static void nameClient(Node node) {
        try {
            node.call(SET_NAME);
        } catch (RedisFailureException e) {
            switch (e.kind()) {
                case PERMISSION, UNKNOWN_COMMAND, SYNTAX, LOADING, BUSY, MASTERDOWN, OTHER -> {
                    // the next request meets the same state if it matters
                }
                default -> throw e;
            }
        }
    }

    private static void close(Connection connection, RuntimeException reason) {
        try {
            connection.forceDisconnect();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private final class OneSocket implements JedisSocketFactory {

        private final Address address;
        private boolean used;

        OneSocket(Address address) {
            this.address = address;
        }

        @Override
        public Socket createSocket() {
            if (used) {
                throw new JedisConnectionException(
                        "The connection to " + address + " is broken and was not opened again.");
            }
            used = true;
            try {
                return sockets.open(address);
            } catch (IOException e) {
                throw new JedisConnectionException("No connection to " + address + ".", e);
            }
        }
    }
}
