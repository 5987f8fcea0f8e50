package io.millrace.client;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.SocketOpener;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.io.IOException;
import java.net.Socket;
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

    /** @throws io.millrace.endpoint.InvalidEndpointException when a TLS file cannot be used */
    public NodeConnector(RedisEndpoint endpoint) {
        this.endpoint = endpoint;
        this.sockets = new SocketOpener(endpoint);
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
        Connection connection = new Connection(new OneSocket(address));
        try {
            connection.connect();
            Node node = new Node(address, connection);
            Optional<byte[][]> auth = login.authCommand();
            if (auth.isPresent()) {
                node.call(auth.get());
            }
            nameClient(node);
            return node;
        } catch (RuntimeException e) {
            close(connection, e);
            if (e instanceof RedisFailureException) {
                throw e;
            }
            throw new RedisFailureException(address.toString(), FailureClassifier.of(e), e);
        }
    }

    /** The first address of the endpoint: the standalone server, or the first seed. */
    public Node openFirst() {
        return open(endpoint.firstAddress());
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
