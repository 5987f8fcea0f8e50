package io.millrace.sink.apply;

import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.plan.CommandName;
import java.util.ArrayDeque;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One connection to one node and database, on which steps are sent ahead of their replies. When more is unanswered than the
 * limits allow, replies are read before more is sent: so neither side waits for the other with full buffers.
 */
final class Pipeline implements AutoCloseable {

    private final Node node;
    private final Connection connection;
    private final ApplySettings limits;
    private final ReplyJudge judge;
    private final ArrayDeque<Exchange> unanswered = new ArrayDeque<>();
    private int commands;
    private long bytes;
    private boolean flushed = true;

    Pipeline(Node node, ApplySettings limits, ReplyJudge judge) {
        this.node = node;
        this.connection = node.connection();
        this.limits = limits;
        this.judge = judge;
    }

    Address address() {
        return node.address();
    }

    /** The connection itself, for use while nothing is unanswered. */
    Node node() {
        return node;
    }

    /**
     * Sends a step; its run hears of the outcome now or at {@link #drain}.
     *
     * @return null, or why the connection is lost; then all runs that wait for replies have heard of it
     */
    RedisFailure send(Exchange exchange) {
        boolean first = unanswered.isEmpty();
        unanswered.add(exchange);
        commands += exchange.commandCount();
        bytes += exchange.bytes();
        try {
            if (first) {
                node.keepLoggedIn();
            }
            exchange.write(this);
            if (commands > limits.inFlightCommands() || bytes > limits.inFlightBytes()) {
                readDownTo(limits.inFlightCommands() / 2, limits.inFlightBytes() / 2);
            }
            return null;
        } catch (JedisException e) {
            return lost(FailureClassifier.of(e));
        } catch (RedisFailureException e) {
            return lost(e.failure()); // no new login
        }
    }

    /** Reads the replies to everything that was sent; null, or why the connection is lost. */
    RedisFailure drain() {
        try {
            readDownTo(0, 0);
            return null;
        } catch (JedisException e) {
            return lost(FailureClassifier.of(e));
        }
    }

    private void readDownTo(int mostCommands, long mostBytes) {
        while (!unanswered.isEmpty() && (commands > mostCommands || bytes > mostBytes)) {
            Exchange exchange = unanswered.peek();
            exchange.read(this, judge);
            unanswered.remove();
            commands -= exchange.commandCount();
            bytes -= exchange.bytes();
        }
    }

    private RedisFailure lost(RedisFailure failure) {
        connection.setBroken();
        unanswered.forEach(exchange -> exchange.run().lose(failure));
        unanswered.clear();
        commands = 0;
        bytes = 0;
        return failure;
    }

    /** Sends off what was written. Null, or why the connection is lost, as {@link #send} says it. */
    RedisFailure flush() {
        try {
            node.flush();
            flushed = true;
            return null;
        } catch (JedisException e) {
            return lost(FailureClassifier.of(e));
        }
    }

    void write(CommandName name, byte[]... args) {
        flushed = false;
        WireCommand.send(connection, name, args);
    }

    /** The next reply; an error reply as the exception that Jedis makes of it. */
    Object reply() {
        try {
            if (flushed) {
                return connection.getUnflushedObject();
            }
            flushed = true;
            return connection.getOne();
        } catch (JedisConnectionException e) {
            throw e;
        } catch (JedisDataException e) {
            return e;
        }
    }

    /** Ends the connection at once; nothing is waited for. */
    @Override
    public void close() {
        connection.setBroken();
        node.close();
    }
}
