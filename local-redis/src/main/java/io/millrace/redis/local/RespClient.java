package io.millrace.redis.local;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A plain RESP2 connection for driving local servers: any command, bytes in and bytes out, replies in order, and a bound on
 * how long a reply may take. Not safe for use by several threads.
 *
 * <p>A reply is a {@code byte[]} (bulk), {@code String} (status), {@code Long}, {@code List<Object>}, {@code null} (nil),
 * or, inside a list or from {@link #receive()}, an {@link ErrorReply}.
 */
public final class RespClient implements AutoCloseable {
    /** An error that the server answered with. */
    public record ErrorReply(String message) {}

    private static final byte[] CRLF = {'\r', '\n'};

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey readiness;
    private final Duration timeout;
    private final ByteBuffer in = ByteBuffer.allocate(64 * 1024).flip();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);

    private RespClient(SocketAddress address, Duration timeout) throws IOException {
        this.timeout = timeout;
        this.channel = SocketChannel.open(address);
        try {
            if (address instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            channel.configureBlocking(false);
            this.selector = Selector.open();
            this.readiness = channel.register(selector, 0);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    public static RespClient tcp(String host, int port, Duration timeout) throws IOException {
        return new RespClient(new InetSocketAddress(host, port), timeout);
    }

    public static RespClient unix(Path socket, Duration timeout) throws IOException {
        return new RespClient(UnixDomainSocketAddress.of(socket), timeout);
    }

    /** Sends one command and waits for its reply; arguments are {@code byte[]}, or anything else by its toString in UTF-8. */
    public Object call(Object... command) throws IOException {
        send(command);
        Object reply = receive();
        if (reply instanceof ErrorReply error) {
            throw new LocalServerException(name(command) + " was answered with: " + error.message());
        }
        return reply;
    }

    /** Appends a command to the pipeline; {@link #receive()} must be called once for it. */
    public void send(Object... command) throws IOException {
        out.write('*');
        writeNumber(command.length);
        for (Object argument : command) {
            byte[] bytes =
                    argument instanceof byte[] raw ? raw : argument.toString().getBytes(StandardCharsets.UTF_8);
            out.write('$');
            writeNumber(bytes.length);
            out.write(bytes);
            out.write(CRLF);
        }
        if (out.size() >= 256 * 1024) {
            flush();
        }
    }

    /** Writes what has been sent so far. */
    public void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        out.reset();
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    /** The next reply, an {@link ErrorReply} if it is an error. */
    public Object receive() throws IOException {
        flush();
        return readReply();
    }

    @Override
    public void close() throws IOException {
        try (selector;
                channel) {
            out.reset();
        }
    }

    private static String name(Object[] command) {
        return command[0].toString();
    }

    private void writeNumber(long number) {
        out.writeBytes(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(CRLF);
    }

    private Object readReply() throws IOException {
        int type = readByte();
        String line = readLine();
        switch (type) {
            case '+':
                return line;
            case '-':
                return new ErrorReply(line);
            case ':':
                return Long.valueOf(line);
            case '$':
                int length = Integer.parseInt(line);
                return length < 0 ? null : readBulk(length);
            case '*':
                int count = Integer.parseInt(line);
                if (count < 0) {
                    return null;
                }
                List<Object> elements = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    elements.add(readReply());
                }
                return elements;
            default:
                throw new IOException("Not a RESP2 reply: type byte " + type + " before \"" + line + "\"");
        }
    }

    private byte[] readBulk(int length) throws IOException {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            if (!in.hasRemaining()) {
                fill();
            }
            int run = Math.min(in.remaining(), length - filled);
            in.get(bytes, filled, run);
            filled += run;
        }
        readLine();
        return bytes;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = readByte(); b != '\r'; b = readByte()) {
            line.write(b);
        }
        if (readByte() != '\n') {
            throw new IOException("Not a RESP2 reply: CR without LF");
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private int readByte() throws IOException {
        if (!in.hasRemaining()) {
            fill();
        }
        return in.get() & 0xff;
    }

    private void fill() throws IOException {
        in.clear();
        int read;
        try {
            read = channel.read(in);
            while (read == 0) {
                await(SelectionKey.OP_READ);
                read = channel.read(in);
            }
        } finally {
            // Also after a timeout, so that a later call finds an empty buffer.
            in.flip();
        }
        if (read < 0) {
            throw new EOFException("The server closed the connection");
        }
    }

    private void await(int operation) throws IOException {
        readiness.interestOps(operation);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException("No answer within " + timeout.toMillis() + " ms");
            }
            if (selector.select(left) > 0) {
                selector.selectedKeys().clear();
                return;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("Interrupted while waiting for the server");
            }
        }
    }
}
