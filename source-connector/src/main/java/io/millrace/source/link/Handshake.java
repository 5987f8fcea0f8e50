package io.millrace.source.link;

import io.millrace.endpoint.Login;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a replica says before PSYNC, each reply checked: AUTH, PING, REPLCONF listening-port, ip-address, capa, version
 * (replication.c, syncWithMaster).
 *
 * <p>{@code capa eof} lets the master send a diskless RDB, {@code capa psync2} lets it continue after a failover with
 * another replication id. Valkey 9 sends RDB version 80 and its own magic only to a replica that reports version 9.0.0 or
 * newer; to others it writes version 11 and aborts when a hash field has a TTL (replicaRdbVersion, rdbGetObjectType).
 * Servers that do not know the option say so, which is no failure. Announced: 9.0.0, the newest whose format is read here.
 */
final class Handshake {

    private static final String REPORTED_VERSION = "9.0.0";

    private final WireBuffer wire;
    private final OutputStream out;
    private final String place;

    Handshake(WireBuffer wire, OutputStream out, String place) {
        this.wire = wire;
        this.out = out;
        this.place = place;
    }

    void perform(Login login, LinkSettings settings, int localPort) throws IOException {
        authenticate(login);
        ServerReply ping = ask("PING");
        if (ping.isError()) {
            throw refused("PING", ping);
        }
        int port = settings.announcedPort() == 0 ? localPort : settings.announcedPort();
        require("REPLCONF", "listening-port", Integer.toString(port));
        if (settings.announcedIp() != null) {
            require("REPLCONF", "ip-address", settings.announcedIp());
        }
        require("REPLCONF", "capa", "eof", "capa", "psync2");
        ServerReply version = ask("REPLCONF", "version", REPORTED_VERSION);
        if (version.isError() && !version.says("unrecognized replconf option")) {
            throw refused("REPLCONF version", version);
        }
    }

    SyncStart psync(String replId, long offset) throws IOException {
        ServerReply reply =
                ask("PSYNC", replId == null ? "?" : replId, replId == null ? "-1" : Long.toString(offset + 1));
        if (reply.isError()) {
            throw refused("PSYNC", reply);
        }
        String[] words = reply.text().split(" ", -1);
        if (words[0].equals("FULLRESYNC") && words.length == 3 && isReplId(words[1])) {
            return new SyncStart.FullResync(words[1], offset(words[2], reply));
        }
        if (words[0].equals("CONTINUE") && replId != null && words.length == 1) {
            return new SyncStart.Continued(replId, offset);
        }
        if (words[0].equals("CONTINUE") && replId != null && words.length == 2 && isReplId(words[1])) {
            return new SyncStart.Continued(words[1], offset);
        }
        throw unknown("PSYNC", reply);
    }

    private void authenticate(Login login) throws IOException {
        Optional<byte[][]> auth = login.authCommand();
        if (auth.isEmpty()) {
            return;
        }
        ServerReply reply = exchange(auth.get());
        if (!reply.isError()) {
            return;
        }
        String user = login.user() == null ? "the default user" : "user " + login.user();
        // A text of our own in place of the reply's, which may repeat what AUTH carried.
        if (reply.code().equals("LOADING")) {
            throw refused("AUTH", new ServerReply('-', "LOADING"));
        }
        if (reply.says("max number of clients")) {
            throw refused("AUTH", new ServerReply('-', "ERR max number of clients reached"));
        }
        if (reply.code().equals("WRONGPASS") || reply.says("invalid password")) {
            throw new LinkException.AuthenticationFailed(
                    place + " refuses the password of " + user + " (or has no such user): correct user and password.");
        }
        if (reply.says("no password is set") || reply.says("without any password configured")) {
            throw new LinkException.AuthenticationFailed(
                    place + " has no password for " + user + ", but one is configured here: remove it.");
        }
        if (reply.says("wrong number of arguments")) {
            throw new LinkException.AuthenticationFailed(
                    place + " is older than Redis 6 and knows no users: configure the password without a user.");
        }
        throw new LinkException.AuthenticationFailed(place + " refuses AUTH of " + user + " with the error code "
                + code(reply) + ": check user and password.");
    }

    private void require(String... words) throws IOException {
        ServerReply reply = ask(words);
        String command = words[0] + " " + words[1];
        if (reply.isError()) {
            throw refused(command, reply);
        }
        if (!reply.text().equals("OK")) {
            throw unknown(command, reply);
        }
    }

    private ServerReply ask(String... words) throws IOException {
        byte[][] argv = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            argv[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        return exchange(argv);
    }

    private ServerReply exchange(byte[][] argv) throws IOException {
        try {
            out.write(RespWriter.command(argv));
            out.flush();
        } catch (IOException e) {
            return lastWords(e);
        }
        return ServerReply.read(wire, place);
    }

    /** A server that turns a connection away says why before it closes it: maxclients, protected mode, a TLS alert. */
    private ServerReply lastWords(IOException writing) throws IOException {
        try {
            return ServerReply.read(wire, place);
        } catch (IOException reading) {
            reading.addSuppressed(writing);
            throw reading;
        }
    }

    private LinkException refused(String command, ServerReply reply) {
        return switch (reply.code()) {
            case "NOAUTH" ->
                new LinkException.AuthenticationFailed(
                        place + " asks for a password and none is configured: set user and password.");
            case "WRONGPASS" ->
                new LinkException.AuthenticationFailed(place + " refuses the login: correct user and password.");
            case "NOPERM" ->
                new LinkException.PermissionDenied(place + " does not let this user run " + command
                        + ": grant it with ACL SETUSER <user> +psync +replconf +ping, or set capture.mode=scan.");
            case "DENIED" ->
                new LinkException.PermissionDenied(place
                        + " runs in protected mode and takes no remote clients: set a password or bind its address.");
            case "LOADING" ->
                new LinkException.NotReady(place + " is loading its data into memory: try again when it is done.");
            case "MASTERDOWN", "NOMASTERLINK" ->
                new LinkException.NotReady(
                        place
                                + " is a replica without a link to its own master: try again when it is up, or use the master.");
            case "BUSY", "TRYAGAIN" ->
                new LinkException.NotReady(place + " is busy (" + reply.shown() + "): try again.");
            default -> refusedOtherwise(command, reply);
        };
    }

    private LinkException refusedOtherwise(String command, ServerReply reply) {
        if (reply.says("max number of clients")) {
            return new LinkException.NotReady(
                    place + " has reached its maxclients: raise it, or close other connections, and try again.");
        }
        if (reply.says("operation not permitted")) {
            return new LinkException.AuthenticationFailed(
                    place + " asks for a password and none is configured: set the password.");
        }
        if (reply.says("unknown command")) {
            return new LinkException.Unsupported(
                    place + " does not know " + command
                            + ": it offers no replication, or has the command renamed; set capture.mode=scan for a copy without it.");
        }
        return new LinkException.Unsupported(place + " refuses " + command + ": \"" + reply.shown()
                + "\"; set capture.mode=scan if it offers no replication.");
    }

    private LinkException unknown(String command, ServerReply reply) {
        return new LinkException.Malformed(
                place + " answers " + command + " with \"" + reply.shown()
                        + "\", which is no reply that a master gives: is a proxy in between?",
                wire.taken());
    }

    private long offset(String text, ServerReply reply) throws LinkException {
        try {
            long offset = Long.parseLong(text);
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException e) {
            throw unknown("PSYNC", reply);
        }
        throw unknown("PSYNC", reply);
    }

    private static boolean isReplId(String text) {
        if (text.length() != 40) {
            return false;
        }
        for (int i = 0; i < 40; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z')) {
                return false;
            }
        }
        return true;
    }

    /** An error code is one upper-case word; anything else could be an echo. */
    private static String code(ServerReply reply) {
        String code = reply.code();
        for (int i = 0; i < code.length(); i++) {
            if (code.charAt(i) < 'A' || code.charAt(i) > 'Z') {
                return "ERR";
            }
        }
        return code.length() > 16 ? "ERR" : code;
    }
}
