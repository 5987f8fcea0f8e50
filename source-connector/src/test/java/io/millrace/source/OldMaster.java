package io.millrace.source;

import io.millrace.source.link.RespLimits;
import io.millrace.source.link.RespReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Stands in for a master of a version of which no server can be had: it knows the replies of Redis 4.0 to what a replica and a
 * client ask, sends one RDB, and then a recorded stream. Connections are served until it is closed.
 */
final class OldMaster implements AutoCloseable {

    private static final String ID = "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb";

    private final ServerSocket socket;
    private final String version;
    private final byte[] rdb;
    private final byte[] stream;

    OldMaster(String version, byte[] rdb, byte[] stream) throws IOException {
        this.version = version;
        this.rdb = rdb;
        this.stream = stream;
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

    int port() {
        return socket.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "old-master");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            RespReader reader = new RespReader(in, 0, RespLimits.DEFAULT);
            byte[][] argv = reader.next();
            while (argv != null) {
                answer(argv, out);
                out.flush();
                argv = reader.next();
            }
        } catch (IOException e) {
            // The other side has gone.
            return;
        }
    }

    private void answer(byte[][] argv, OutputStream out) throws IOException {
        String option = argv.length > 1 ? text(argv[1]).toLowerCase(Locale.ROOT) : "";
        switch (text(argv[0]).toUpperCase(Locale.ROOT)) {
            case "PING" -> out.write(ascii("+PONG\r\n"));
            case "REPLCONF" -> {
                boolean known = option.equals("listening-port") || option.equals("capa") || option.equals("ip-address");
                if (!option.equals("ack")) {
                    out.write(ascii(known ? "+OK\r\n" : "-ERR Unrecognized REPLCONF option: " + option + "\r\n"));
                }
            }
            case "PSYNC" -> {
                out.write(ascii("+FULLRESYNC " + ID + " 1\r\n$" + rdb.length + "\r\n"));
                out.write(rdb);
                out.write(stream);
            }
            case "INFO" -> {
                String info = "# Server\r\nredis_version:" + version + "\r\nrun_id:" + ID
                        + "\r\n# Replication\r\nrole:master\r\nmaster_replid:" + ID + "\r\nmaster_repl_offset:1\r\n";
                out.write(ascii("$" + info.length() + "\r\n" + info + "\r\n"));
            }
            case "COMMAND", "CONFIG" -> out.write(ascii("*0\r\n"));
            default -> out.write(ascii("-ERR unknown command '" + text(argv[0]) + "'\r\n"));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
