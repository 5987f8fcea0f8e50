package io.millrace.source.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Takes one connection, and answers each command with the next of the given texts; then closes it. */
final class FakeMaster implements AutoCloseable {

    final List<String> received = Collections.synchronizedList(new ArrayList<>());
    private final ServerSocket socket;

    FakeMaster(String... replies) throws IOException {
        this.socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> serve(replies), "fake-master");
        thread.setDaemon(true);
        thread.start();
    }

    Socket connect() throws IOException {
        return new Socket(socket.getInetAddress(), socket.getLocalPort());
    }

    private void serve(String... replies) {
        try (Socket client = socket.accept()) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            RespReader reader = new RespReader(in, 0, RespLimits.DEFAULT);
            for (String reply : replies) {
                byte[][] argv = reader.next();
                if (argv == null) {
                    return;
                }
                received.add(String.join(
                        " ",
                        Arrays.stream(argv)
                                .map(a -> new String(a, StandardCharsets.ISO_8859_1))
                                .toList()));
                out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        } catch (IOException e) {
            received.add("broken: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
