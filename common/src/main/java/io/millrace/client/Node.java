package io.millrace.client;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** One open connection to one node. Not thread-safe: it belongs to the thread that uses it. */
public final class Node implements AutoCloseable {

    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    private final Address address;
    private final NodeConnection connection;
    private Credentials credentials;
    private Instant renewal;

    Node(Address address, NodeConnection connection) {
        this.address = address;
        this.connection = connection;
    }

    public Address address() {
        return address;
    }

    /** The Jedis connection, for pipelines: {@code sendCommand}, then {@code getMany}, whose list holds errors as elements. */
    public Connection connection() {
        return connection;
    }

    /**
     * Sends one command and reads its reply.
     *
     * @return Long for an integer, byte[] for a string or status, List for an array (errors inside of it are elements of type
     *     {@link redis.clients.jedis.exceptions.JedisDataException}), null for nil
     * @throws RedisFailureException for an error reply or a broken connection; names the command, never its arguments
     */
    public Object call(byte[]... command) {
        try {
            connection.sendCommand(new Request(command[0]), Arrays.copyOfRange(command, 1, command.length));
            return connection.getOne();
        } catch (JedisException e) {
            String name = new String(command[0], StandardCharsets.ISO_8859_1);
            throw new RedisFailureException(address + " (" + name + ")", FailureClassifier.of(e), e);
        }
    }

    /**
     * Sends one command and does not wait: {@link #replies} reads the replies to all that were sent so.
     *
     * @throws RedisFailureException when the connection is broken
     */
    public void send(byte[]... command) {
        try {
            connection.sendCommand(new Request(command[0]), Arrays.copyOfRange(command, 1, command.length));
        } catch (JedisException e) {
            String name = new String(command[0], StandardCharsets.ISO_8859_1);
            throw new RedisFailureException(address + " (" + name + ")", FailureClassifier.of(e), e);
        }
    }

    /**
     * Sends off what was written to the connection, and does not wait for replies.
     *
     * @throws redis.clients.jedis.exceptions.JedisConnectionException when the connection is broken
     */
    public void flush() {
        connection.flush();
    }

    /**
     * Reads the replies to as many commands that were sent before, in their order, as {@link #call(byte[]...)} gives them.
     *
     * @throws RedisFailureException for the first error among them, when all are read, or for a broken connection
     */
    public List<Object> replies(int count) {
        try {
            List<Object> replies = connection.getMany(count);
            for (Object reply : replies) {
                if (reply instanceof JedisDataException error) {
                    throw error;
                }
            }
            return replies;
        } catch (JedisException e) {
            throw new RedisFailureException(address.toString(), FailureClassifier.of(e), e);
        }
    }

    /**
     * Sends all commands and reads all replies.
     *
     * @return as {@link #call(byte[]...)} gives them; an error is an element of type {@link RedisFailure}
     * @throws RedisFailureException for a broken connection
     */
    public List<Object> exchange(List<byte[][]> commands) {
        for (byte[][] command : commands) {
            send(command);
        }
        try {
            List<Object> replies = new ArrayList<>(connection.getMany(commands.size()));
            replies.replaceAll(
                    reply -> reply instanceof JedisDataException error ? FailureClassifier.of(error) : reply);
            return replies;
        } catch (JedisException e) {
            throw new RedisFailureException(address.toString(), FailureClassifier.of(e), e);
        }
    }

    /** Ends the connection under the thread that waits for a reply, which then fails. Any thread. */
    public void abort() {
        connection.setBroken();
        close();
    }

    /** As {@link #call(byte[]...)}, with arguments in UTF-8. */
    public Object call(String... command) {
        byte[][] raw = new byte[command.length][];
        for (int i = 0; i < command.length; i++) {
            raw[i] = command[i].getBytes(StandardCharsets.UTF_8);
        }
        return call(raw);
    }

    /** As {@link #call(String...)} for a reply that is a string or status. */
    public String text(String... command) {
        Object reply = call(command);
        return reply == null ? null : new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    /** What the connection has logged in with, and where a newer login would come from. */
    void renewing(Credentials from, Login login) {
        credentials = from;
        renewal = from.renewal(login).orElse(null);
    }

    /**
     * Logs in again where the server would otherwise end the connection soon; most often it does nothing. To be called while
     * no reply is awaited and no transaction is open; a WATCH stays. A provider that has no login for the moment is asked again
     * ten seconds later, and the connection goes on meanwhile.
     *
     * @throws RedisFailureException when there is no login to be had any more, or the server refuses it
     */
    public void keepLoggedIn() {
        if (!isLoginDue()) {
            return;
        }
        try {
            Login login = credentials.login();
            if (login.authCommand().isPresent()) {
                call(login.authCommand().get());
            }
            renewing(credentials, login);
        } catch (CredentialsException e) {
            if (e.isRetryable()) {
                renewal = Instant.now().plus(ASK_AGAIN); // what it has logged in with is good for a while yet
                return;
            }
            throw new RedisFailureException(address.toString(), FailureClassifier.of(e), e);
        }
    }

    /** Whether {@link #keepLoggedIn} would log in again. */
    public boolean isLoginDue() {
        return renewal != null && !Instant.now().isBefore(renewal);
    }

    /** How long a reply may take from now on; zero waits for ever. */
    public void readTimeout(Duration timeout) {
        connection.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    }

    /** True after an error on the wire: this connection can then only be closed. */
    public boolean isBroken() {
        return connection.isBroken();
    }

    @Override
    public void close() {
        if (connection.isBroken()) {
            try {
                connection.forceDisconnect();
            } catch (java.io.IOException e) {
                throw new RedisFailureException(address.toString(), FailureClassifier.of(e), e);
            }
        } else {
            connection.close();
        }
    }

    @Override
    public String toString() {
        return "connection to " + address;
    }
}
