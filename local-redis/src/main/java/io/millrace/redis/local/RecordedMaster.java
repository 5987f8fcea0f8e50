package io.millrace.redis.local;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Stands in for a master of a version of which no server can be had: it knows the replies to what a replica and a client ask
 * first, sends one RDB, and then a recorded stream. Any number of replicas, real ones too, may ask. It serves until it is
 * closed.
 */
public final class RecordedMaster implements AutoCloseable {

    /** The replication offset of the RDB; the stream's first byte is the one after it. */
    public static final long OFFSET = 1;

    private static final String ID = "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb";

    private final ServerSocket socket;
    private final String version;
    private final byte[] rdb;
    private final byte[] stream;

    /** @param version as INFO says it, such as 5.0.14 */
    public RecordedMaster(String version, byte[] rdb, byte[] stream) throws IOException {
        this.version = version;
        this.rdb = rdb.clone();
        this.stream = stream.clone();
        this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket client = socket.accept();
                    daemon(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    public int port() {
        return socket.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "recorded-master");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            OutputStream out = client.getOutputStream();
            while (true) {
                answer(command(in), out);
                out.flush();
            }
        } catch (IOException e) {
            // The other side has gone.
            return;
        }
    }

    private void answer(String[] command, OutputStream out) throws IOException {
        String option = command.length > 1 ? command[1].toLowerCase(Locale.ROOT) : "";
        switch (command[0].toUpperCase(Locale.ROOT)) {
            case "PING" -> out.write(ascii("+PONG\r\n"));
            case "REPLCONF" -> {
                boolean known = option.equals("listening-port") || option.equals("capa") || option.equals("ip-address");
                if (!option.equals("ack")) {
                    out.write(ascii(known ? "+OK\r\n" : "-ERR Unrecognized REPLCONF option: " + option + "\r\n"));
                }
            }
            case "PSYNC" -> {
                out.write(ascii("+FULLRESYNC " + ID + " " + OFFSET + "\r\n$" + rdb.length + "\r\n"));
                out.write(rdb);
                out.write(stream);
            }
            case "INFO" -> {
                String info = "# Server\r\nredis_version:" + version + "\r\nredis_mode:standalone\r\nrun_id:" + ID
                        + "\r\n# Replication\r\nrole:master\r\nmaster_replid:" + ID + "\r\nmaster_repl_offset:" + OFFSET
                        + "\r\n";
                out.write(ascii("$" + info.length() + "\r\n" + info + "\r\n"));
            }
            case "COMMAND", "CONFIG" -> out.write(ascii("*0\r\n"));
            default -> out.write(ascii("-ERR unknown command '" + command[0] + "'\r\n"));
        }
    }

    /** Arrays of bulk strings, and the lone lines that a real replica begins with. */
    private static String[] command(DataInputStream in) throws IOException {
        String head = line(in);
        if (!head.startsWith("*")) {
            return head.split(" ");
        }
        String[] command = new String[Integer.parseInt(head.substring(1))];
        for (int i = 0; i < command.length; i++) {
            byte[] argument = new byte[Integer.parseInt(line(in).substring(1))];
            in.readFully(argument);
            line(in);
            command[i] = new String(argument, StandardCharsets.ISO_8859_1);
        }
        return command;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the other side has gone");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
