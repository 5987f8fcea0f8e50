package io.millrace.redis.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network that can fail: it listens on a port of its own and passes bytes to a server and back, until it is told to stall,
 * to slow down or to cut. Control methods are safe for use by any thread and take effect at once; each connection has two
 * threads of its own.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CHUNK = 8 * 1024;
    private static final int CONNECT_MILLIS = 5_000;
    private static final long NANOS_A_SECOND = 1_000_000_000L;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong toServer = new AtomicLong();
    private final AtomicLong toClient = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile InetSocketAddress target;
    private volatile long cutAfterToClient = Long.MAX_VALUE;
    // The fields below are guarded by the lock.
    private boolean stalled;
    private boolean refusing;
    private boolean closed;
    private long bytesPerSecond;

    private TcpProxy(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
    }

    /** A proxy on a port that is free, for a server on the loopback interface. */
    public static TcpProxy to(int serverPort) {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName(LocalServer.HOST));
            TcpProxy proxy = new TcpProxy(listener, new InetSocketAddress(LocalServer.HOST, serverPort));
            proxy.run("proxy-accept-" + listener.getLocalPort(), proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Bytes that servers were sent, over all connections. */
    public long bytesToServer() {
        return toServer.get();
    }

    /** Bytes that clients were sent, over all connections. */
    public long bytesToClient() {
        return toClient.get();
    }

    /** Connections that have been accepted so far, those that were cut at once included. */
    public long connections() {
        return connections.get();
    }

    /** Lets everything through at full speed, and accepts connections again. */
    public void pass() {
        change(() -> {
            stalled = false;
            refusing = false;
            bytesPerSecond = 0;
        });
        cutAfterToClient = Long.MAX_VALUE;
    }

    /** Keeps connections open and passes nothing, in either direction, until {@link #pass()}. */
    public void stall() {
        change(() -> stalled = true);
    }

    /** Passes at most so many bytes a second in each direction of each connection; 1 or more. */
    public void slow(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("At least one byte a second: use stall() for none");
        }
        change(() -> bytesPerSecond = bytes);
    }

    /** Closes every connection; new ones are let through. */
    public void cut() {
        for (Socket socket : sockets) {
            closeQuietly(socket);
        }
    }

    /** Closes every connection, and each new one as soon as it is made, until {@link #pass()}. */
    public void refuse() {
        change(() -> refusing = true);
        cut();
    }

    /** Cuts all connections when clients have been sent so many more bytes: not one byte further. */
    public void cutAfterBytesToClient(long more) {
        cutAfterToClient = toClient.get() + more;
    }

    /** Sends connections made from now on to another server. */
    public void redirect(int serverPort) {
        target = new InetSocketAddress(LocalServer.HOST, serverPort);
    }

    @Override
    public void close() {
        change(() -> closed = true);
        closeQuietly(listener);
        cut();
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() throws IOException {
        while (!isClosed()) {
            Socket client = listener.accept();
            connections.incrementAndGet();
            sockets.add(client);
            Socket server = new Socket();
            sockets.add(server);
            if (isRefusing()) {
                end(client, server);
                continue;
            }
            try {
                server.connect(target, CONNECT_MILLIS);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
            } catch (IOException serverGone) {
                // The client sees what it would see without us: a connection that ends.
                end(client, server);
                continue;
            }
            run("proxy-to-server-" + port(), () -> pump(client, server, toServer, false));
            run("proxy-to-client-" + port(), () -> pump(server, client, toClient, true));
        }
    }

    private void pump(Socket from, Socket to, AtomicLong counter, boolean isToClient) throws IOException {
        byte[] buffer = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!write(buffer, read, out, counter, isToClient)) {
                    cut();
                    return;
                }
            }
        } finally {
            end(from, to);
        }
    }

    /** False if the connections are to be cut. */
    private boolean write(byte[] buffer, int length, OutputStream out, AtomicLong counter, boolean isToClient)
            throws IOException {
        int written = 0;
        while (written < length) {
            long left = isToClient ? cutAfterToClient - counter.get() : Long.MAX_VALUE;
            if (left <= 0) {
                return false;
            }
            int run = (int) Math.min(Math.min(length - written, awaitAllowance(length - written)), left);
            if (run == 0) {
                return false;
            }
            out.write(buffer, written, run);
            counter.addAndGet(run);
            written += run;
        }
        return true;
    }

    /** Waits while stalled, and as long as a slow line would take; the number of bytes that may pass, 0 when closed. */
    private int awaitAllowance(int wanted) throws IOException {
        lock.lock();
        try {
            while (stalled && !closed) {
                changed.await();
            }
            if (bytesPerSecond > 0) {
                // Ten portions a second, so that a change takes effect soon.
                int portion = (int) Math.max(1, Math.min(wanted, bytesPerSecond / 10));
                long nanos = portion * NANOS_A_SECOND / bytesPerSecond;
                while (nanos > 0 && bytesPerSecond > 0 && !closed) {
                    nanos = changed.awaitNanos(nanos);
                }
                return closed ? 0 : portion;
            }
            return closed ? 0 : wanted;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean isRefusing() {
        lock.lock();
        try {
            return refusing;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void end(Socket client, Socket server) {
        closeQuietly(client);
        closeQuietly(server);
        sockets.remove(client);
        sockets.remove(server);
    }

    private interface Job {
        void run() throws IOException;
    }

    private void run(String name, Job job) {
        Thread thread = new Thread(
                () -> {
                    try {
                        job.run();
                    } catch (IOException connectionEnded) {
                        // Either peer went away, or cut() or close() did it: both sockets are closed by now.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // A socket that cannot be closed properly is gone all the same.
        }
    }
}
