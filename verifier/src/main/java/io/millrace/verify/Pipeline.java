package io.millrace.verify;

import io.millrace.endpoint.Address;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.Redirect;
import io.millrace.failure.RedisFailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Requests to one side, sent as they are added and answered together. Each goes to the node of its key; a slot that moves
 * meanwhile is followed. One thread, and one pipeline of a side at a time.
 */
final class Pipeline {
    private static final int ATTEMPTS = 100;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private record Request(byte[] key, Command command, byte[][] arguments) {}

    private final Side side;
    private final int database;
    private final List<Request> requests = new ArrayList<>();
    private final Map<Lane, List<Integer>> order = new LinkedHashMap<>();
    private Object[] replies;

    Pipeline(Side side, int database) {
        this.side = side;
        this.database = database;
    }

    /** Sends a command whose first argument is the key; returns the number of its reply. */
    int add(Command command, byte[] key, byte[]... more) {
        byte[][] arguments = new byte[1 + more.length][];
        arguments[0] = key;
        System.arraycopy(more, 0, arguments, 1, more.length);
        return send(key, command, arguments);
    }

    /** Sends a command to the node of a key that is not its first argument. */
    int send(byte[] key, Command command, byte[]... arguments) {
        Lane lane = side.laneOf(key);
        List<Integer> numbers = order.get(lane);
        if (numbers == null) {
            lane.select(database);
            numbers = new ArrayList<>();
            order.put(lane, numbers);
        }
        lane.send(command, arguments);
        numbers.add(requests.size());
        requests.add(new Request(key, command, arguments));
        return requests.size() - 1;
    }

    /** Reads all replies; the connections are idle afterwards. */
    Pipeline read() {
        replies = new Object[requests.size()];
        order.forEach((lane, numbers) -> {
            List<Object> answered = lane.receive();
            for (int i = 0; i < answered.size(); i++) {
                replies[numbers.get(i)] = answered.get(i);
            }
        });
        for (int i = 0; i < replies.length; i++) {
            if (replies[i] instanceof JedisDataException error && mustBeAskedAgain(kind(error))) {
                replies[i] = again(requests.get(i), error);
            }
        }
        return this;
    }

    /** A reply that is no error. */
    Object get(int number) {
        if (replies[number] instanceof JedisDataException error) {
            throw new RedisFailureException(
                    side + " (" + requests.get(number).command() + ")", FailureClassifier.of(error), error);
        }
        return replies[number];
    }

    long number(int number) {
        return (Long) get(number);
    }

    byte[] bytes(int number) {
        return (byte[]) get(number);
    }

    List<?> list(int number) {
        return (List<?>) get(number);
    }

    /** Whether the key turned out to hold another type than the command needs. */
    boolean isWrongType(int number) {
        return replies[number] instanceof JedisDataException error && kind(error) == Kind.WRONGTYPE;
    }

    /** One request and its reply. */
    static Object ask(Side side, int database, Command command, byte[] key, byte[]... more) {
        Pipeline pipeline = new Pipeline(side, database);
        return pipeline.read(pipeline.add(command, key, more));
    }

    private Object read(int number) {
        return read().get(number);
    }

    private static Kind kind(JedisDataException error) {
        return FailureClassifier.of(error).kind();
    }

    private static boolean mustBeAskedAgain(Kind kind) {
        return switch (kind) {
            case MOVED, ASK, TRYAGAIN, CLUSTERDOWN -> true;
            default -> false;
        };
    }

    private Object again(Request request, JedisDataException first) {
        JedisDataException error = first;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Lane lane = redirected(request, error);
            lane.send(request.command(), request.arguments());
            Object reply = lane.receive().get(0);
            if (!(reply instanceof JedisDataException failed) || !mustBeAskedAgain(kind(failed))) {
                return reply;
            }
            error = failed;
            LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
        }
        return error;
    }

    private Lane redirected(Request request, JedisDataException error) {
        Address asked = side.laneOf(request.key()).node().address();
        Redirect redirect = Redirect.parse(error.getMessage(), asked).orElse(null);
        if (redirect != null && redirect.ask()) {
            Lane lane = side.lane(redirect.target());
            lane.node().call("ASKING");
            return lane;
        }
        side.refresh();
        return redirect != null ? side.lane(redirect.target()) : side.laneOf(request.key());
    }
}
