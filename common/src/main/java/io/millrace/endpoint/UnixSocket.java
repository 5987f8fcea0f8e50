package io.millrace.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A Unix domain socket in the form that everything here reads and writes: Java has them as channels alone, which know no
 * timeout. The channel does not block; a selector for each direction does, so that one thread may read while another writes
 * and a third closes. An interrupt of a reading or writing thread ends the connection.
 */
final class UnixSocket extends Socket {

    private final Path path;
    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;
    private volatile int readMillis;

    private UnixSocket(Path path, SocketChannel channel, Selector readable, Selector writable) {
        this.path = path;
        this.channel = channel;
        this.readable = readable;
        this.writable = writable;
    }

    /** Connects at once or fails, unless the server's queue of connections is full: then it waits for the server. */
    static UnixSocket connect(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector readable = null;
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.configureBlocking(false);
            readable = Selector.open();
            channel.register(readable, SelectionKey.OP_READ);
            Selector writable = Selector.open();
            channel.register(writable, SelectionKey.OP_WRITE);
            return new UnixSocket(path, channel, readable, writable);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (readable != null) {
                readable.close();
            }
            throw e;
        }
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                return length == 0 ? 0 : receive(ByteBuffer.wrap(target, from, length));
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] source, int from, int length) throws IOException {
                send(ByteBuffer.wrap(source, from, length));
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    private int receive(ByteBuffer target) throws IOException {
        long began = System.nanoTime();
        while (true) {
            int read = channel.read(target);
            if (read != 0) {
                return read;
            }
            int limit = readMillis;
            long left = limit == 0 ? 0 : limit - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            if (limit != 0 && left <= 0) {
                throw new SocketTimeoutException("Read timed out");
            }
            await(readable, left);
        }
    }

    private void send(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            if (channel.write(source) == 0) {
                await(writable, 0);
            }
        }
    }

    private static void await(Selector selector, long millis) throws IOException {
        try {
            selector.select(key -> {}, millis);
        } catch (ClosedSelectorException e) {
            SocketException closed = new SocketException("Socket closed");
            closed.initCause(e);
            throw closed;
        }
    }

    @Override
    public void setSoTimeout(int millis) {
        readMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return readMillis;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    /** There are no ports here; Redis takes a replica's listening port of 0 for unknown. */
    @Override
    public int getLocalPort() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        try (readable;
                writable) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return "unix://" + path;
    }
}
