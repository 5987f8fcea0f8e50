package io.millrace.redis.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that is far away: every byte arrives half a round trip after it was sent, in either direction. As on a real line,
 * much can be on its way at the same time, up to a window of 4 MiB for each direction of a connection, which is what TCP on
 * Linux grows its buffers to. Each connection has four threads of its own.
 */
public final class DistantProxy implements AutoCloseable {
    /** Bytes on their way in one direction of one connection. */
    public static final int WINDOW = 4 << 20;

    private static final int CHUNK = 32 * 1024;
    private static final int CONNECT_MILLIS = 5_000;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final long oneWayNanos;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private DistantProxy(ServerSocket listener, InetSocketAddress target, Duration roundTrip) {
        this.listener = listener;
        this.target = target;
        this.oneWayNanos = roundTrip.toNanos() / 2;
    }

    /** A proxy on a port that is free, for a server on the loopback interface that is to seem so far away. */
    public static DistantProxy to(int serverPort, Duration roundTrip) {
        if (roundTrip.isNegative()) {
            throw new IllegalArgumentException("A round trip takes no negative time");
        }
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName(LocalServer.HOST));
            DistantProxy proxy =
                    new DistantProxy(listener, new InetSocketAddress(LocalServer.HOST, serverPort), roundTrip);
            run("distant-accept-" + listener.getLocalPort(), proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        sockets.forEach(DistantProxy::closeQuietly);
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            Socket server = new Socket();
            sockets.add(client);
            sockets.add(server);
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(target, CONNECT_MILLIS);
            } catch (IOException serverGone) {
                // The client sees what it would see without us: a connection that ends.
                end(client, server);
                continue;
            }
            pass(client, server);
            pass(server, client);
        }
    }

    /** Starts one direction: who reads notes when each piece is due, who writes waits for that. */
    private void pass(Socket from, Socket to) {
        LinkedBlockingQueue<Piece> line = new LinkedBlockingQueue<>();
        Semaphore window = new Semaphore(WINDOW);
        run("distant-read-" + port(), () -> {
            try {
                read(from, line, window);
            } finally {
                line.add(Piece.END);
            }
        });
        run("distant-write-" + port(), () -> {
            try {
                write(to, line, window);
            } finally {
                end(from, to);
                // Whoever reads may wait for room that nobody makes any more.
                window.release(WINDOW);
            }
        });
    }

    private void read(Socket from, LinkedBlockingQueue<Piece> line, Semaphore window)
            throws IOException, InterruptedException {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[CHUNK];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            line.add(new Piece(Arrays.copyOf(buffer, read), System.nanoTime() + oneWayNanos));
            window.acquire(read);
        }
    }

    private static void write(Socket to, LinkedBlockingQueue<Piece> line, Semaphore window)
            throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        for (Piece piece = line.take(); piece != Piece.END; piece = line.take()) {
            for (long left = piece.dueNanos - System.nanoTime(); left > 0; left = piece.dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            out.write(piece.bytes);
            window.release(piece.bytes.length);
        }
    }

    private void end(Socket client, Socket server) {
        closeQuietly(client);
        closeQuietly(server);
        sockets.remove(client);
        sockets.remove(server);
    }

    /** Bytes, and when they arrive in the time of {@link System#nanoTime}. */
    private static final class Piece {
        static final Piece END = new Piece(new byte[0], 0);

        private final byte[] bytes;
        private final long dueNanos;

        Piece(byte[] bytes, long dueNanos) {
            this.bytes = bytes;
            this.dueNanos = dueNanos;
        }
    }

    private interface Job {
        void run() throws IOException, InterruptedException;
    }

    private static void run(String name, Job job) {
        Thread thread = new Thread(
                () -> {
                    try {
                        job.run();
                    } catch (IOException connectionEnded) {
                        // Either peer went away, or close() did it: both sockets are closed by now.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
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
