package io.millrace.client;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.commands.ProtocolCommand;

/** A command name as Jedis takes it. */
record Request(byte[] name) implements ProtocolCommand {

    @Override
    public byte[] getRaw() {
        return name;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
