package io.millrace.it.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts who connects to a port where a server was, and hangs up on each. */
final class Callers implements AutoCloseable {

    private final ServerSocket socket;
    private final AtomicInteger count = new AtomicInteger();

    private Callers(ServerSocket socket) {
        this.socket = socket;
    }

    static Callers at(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Callers callers = new Callers(socket);
        Thread thread = new Thread(callers::listen, "callers-" + port);
        thread.setDaemon(true);
        thread.start();
        return callers;
    }

    private void listen() {
        while (!socket.isClosed()) {
            try (Socket caller = socket.accept()) {
                count.incrementAndGet();
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    count.incrementAndGet();
                }
            }
        }
    }

    int count() {
        return count.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
