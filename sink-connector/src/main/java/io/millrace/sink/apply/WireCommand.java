package io.millrace.sink.apply;

import java.util.Iterator;
import java.util.NoSuchElementException;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * A command as Jedis writes it, without a copy and an object for each argument, which Jedis would make. It is written once, by
 * the thread that makes it.
 */
final class WireCommand extends CommandArguments {

    private final byte[][] args;

    private WireCommand(ProtocolCommand name, byte[][] args) {
        super(name);
        this.args = args;
    }

    /** Writes to the connection's buffer. */
    static void send(Connection connection, ProtocolCommand name, byte[]... args) {
        connection.sendCommand(new WireCommand(name, args));
    }

    /** The name counts. */
    @Override
    public int size() {
        return args.length + 1;
    }

    @Override
    public Rawable get(int index) {
        return index == 0 ? getCommand() : () -> args[index - 1];
    }

    @Override
    public Iterator<Rawable> iterator() {
        return new Words();
    }

    /** Gives itself out for every argument: a word is used before the next is asked for. */
    private final class Words implements Iterator<Rawable>, Rawable {

        private int next = -1;

        @Override
        public boolean hasNext() {
            return next < args.length;
        }

        @Override
        public Rawable next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            next++;
            return this;
        }

        @Override
        public byte[] getRaw() {
            return next == 0 ? getCommand().getRaw() : args[next - 1];
        }
    }
}
