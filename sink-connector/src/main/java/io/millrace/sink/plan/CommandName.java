package io.millrace.sink.plan;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.commands.ProtocolCommand;

/** A command's name as it goes over the wire. */
public record CommandName(String text, byte[] bytes) implements ProtocolCommand {

    /** @param text bytes above 0x7F as ISO 8859-1, as {@link io.millrace.change.Command#name()} has them */
    public static CommandName of(String text) {
        return new CommandName(text, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public byte[] getRaw() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CommandName that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
