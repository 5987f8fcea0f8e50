package io.millrace.cloud.local;

import io.millrace.redis.local.LocalServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;

/**
 * A server that has a cloud check its logins, as managed ones do: it passes everything on to a real server, but asks about each
 * AUTH and lets the user in with the password that the real one knows.
 */
public final class LoginGate implements AutoCloseable {

    private static final byte[] REFUSED = ascii("not accepted");

    private final ServerSocket listener;
    private final int server;
    private final String password;
    private final BiPredicate<String, String> accepts;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> accepted = new CopyOnWriteArrayList<>();

    private LoginGate(ServerSocket listener, int server, String password, BiPredicate<String, String> accepts) {
        this.listener = listener;
        this.server = server;
        this.password = password;
        this.accepts = accepts;
    }

    /**
     * @param password of every user at the server
     * @param accepts whether a user may log in with what it gives as its password
     */
    public static LoginGate to(LocalServer server, String password, BiPredicate<String, String> accepts) {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName(LocalServer.HOST));
            LoginGate gate = new LoginGate(listener, server.port(), password, accepts);
            gate.run(gate::accept);
            return gate;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What was given in the place of passwords and accepted, so far. */
    public List<String> accepted() {
        return accepted;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket to = new Socket(LocalServer.HOST, server);
            sockets.add(client);
            sockets.add(to);
            run(() -> requests(client, to));
            run(() -> {
                try (client;
                        to) {
                    to.getInputStream().transferTo(client.getOutputStream());
                }
            });
        }
    }

    private void requests(Socket client, Socket to) throws IOException {
        try (client;
                to) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            OutputStream out = to.getOutputStream();
            while (true) {
                byte[][] command = new byte[number(in)][];
                for (int i = 0; i < command.length; i++) {
                    command[i] = new byte[number(in)];
                    in.readFully(command[i]);
                    in.skipNBytes(2);
                }
                if (command.length == 3 && text(command[0]).equalsIgnoreCase("AUTH")) {
                    command[2] = checked(text(command[1]), text(command[2]));
                }
                out.write(request(command));
                out.flush();
            }
        }
    }

    private byte[] checked(String user, String given) {
        if (!accepts.test(user, given)) {
            return REFUSED;
        }
        accepted.add(given);
        return ascii(password);
    }

    /** After its type, which is one byte. */
    private static int number(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the client has gone");
            }
            line.append((char) b);
        }
        return Integer.parseInt(line.substring(1).strip());
    }

    private static byte[] request(byte[][] command) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ascii("*" + command.length + "\r\n"));
        for (byte[] word : command) {
            out.write(ascii("$" + word.length + "\r\n"));
            out.write(word);
            out.write(ascii("\r\n"));
        }
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private interface Work {
        void run() throws IOException;
    }

    private void run(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        return; // one of the two has gone, or the gate is closed
                    }
                },
                "login-gate-" + port());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
