package io.millrace.source.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** One status or error line of the handshake. */
record ServerReply(char type, String text) {

    private static final int LONGEST = 16 * 1024;

    /** Reads one line, passing over the newlines that a master sends while it prepares (replication.c). */
    static ServerReply read(WireBuffer wire, String place) throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        while (true) {
            if (wire.at == wire.end && !wire.fill()) {
                throw new LinkException.Lost(
                        place
                                + " closed the connection during the handshake; see its log (maxclients, bind, protected-mode).",
                        null);
            }
            byte b = wire.bytes[wire.at++];
            if (b == '\n') {
                if (length == 0) {
                    continue;
                }
                break;
            }
            if (length == LONGEST) {
                throw new LinkException.Malformed(
                        place + " answers the handshake with a line without an end: is it a Redis server?",
                        wire.taken());
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = b;
        }
        if (line[length - 1] == '\r') {
            length--;
        }
        char type = length == 0 ? '?' : (char) (line[0] & 0xff);
        if (type != '+' && type != '-') {
            throw new LinkException.Malformed(
                    place + " answers the handshake with " + RespReader.show(line[0])
                            + " instead of '+' or '-': is it a Redis server, and is TLS set as it expects?",
                    wire.taken());
        }
        return new ServerReply(type, new String(line, 1, length - 1, StandardCharsets.ISO_8859_1));
    }

    boolean isError() {
        return type == '-';
    }

    /** The error's first word: NOAUTH, NOPERM, LOADING, ERR. */
    String code() {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    boolean says(String part) {
        return text.regionMatches(true, 0, part, 0, part.length())
                || text.toLowerCase(Locale.ROOT).contains(part);
    }

    /** The text for a message: printable, at most 160 characters. Never for a reply to AUTH, which may repeat its arguments. */
    String shown() {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < 160; i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return shown.toString();
    }
}
