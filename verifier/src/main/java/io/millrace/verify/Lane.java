package io.millrace.verify;

import io.millrace.client.Node;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.RedisFailureException;
import java.util.List;
import redis.clients.jedis.exceptions.JedisException;

/** One connection to one node and the requests on their way over it. One thread. */
final class Lane implements AutoCloseable {
    private final Node node;
    private int database;
    private int pending;

    Lane(Node node) {
        this.node = node;
    }

    Node node() {
        return node;
    }

    /** Selects a database, and logs in again where the login runs out; no request may be on its way. */
    void select(int wanted) {
        node.keepLoggedIn();
        if (wanted != database) {
            node.call("SELECT", Integer.toString(wanted));
            database = wanted;
        }
    }

    void send(Command command, byte[][] arguments) {
        try {
            node.connection().sendCommand(command, arguments);
        } catch (JedisException e) {
            throw failed(command.name(), e);
        }
        pending++;
    }

    /** The replies to all requests, errors as elements. */
    List<Object> receive() {
        int count = pending;
        pending = 0;
        try {
            return node.connection().getMany(count);
        } catch (JedisException e) {
            throw failed("reading " + count + " replies", e);
        }
    }

    private RedisFailureException failed(String what, JedisException e) {
        return new RedisFailureException(node.address() + " (" + what + ")", FailureClassifier.of(e), e);
    }

    @Override
    public void close() {
        node.close();
    }
}
