package io.millrace.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Answers every command as a server of a version that no longer runs here would answer INFO. */
final class OldServer implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] reply;

    OldServer(String version) throws IOException {
        String info = "redis_version:" + version + "\r\nrun_id:0\r\nrole:master\r\n";
        reply = ("$" + info.length() + "\r\n" + info + "\r\n").getBytes(StandardCharsets.US_ASCII);
        listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "old-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                answer(socket);
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    continue;
                }
                return;
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        OutputStream out = socket.getOutputStream();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int arguments = Integer.parseInt(line.substring(1));
            for (int i = 0; i < 2 * arguments; i++) {
                in.readLine();
            }
            out.write(reply);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
