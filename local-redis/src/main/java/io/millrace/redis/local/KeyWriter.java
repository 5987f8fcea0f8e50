package io.millrace.redis.local;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/** Pipelines writes and reads every reply; the first error names its command. One thread. */
final class KeyWriter {
    private static final int IN_FLIGHT = 1000;

    private final RespClient client;
    private final ArrayDeque<String> pending = new ArrayDeque<>();

    KeyWriter(RespClient client) {
        this.client = client;
    }

    void write(Object... command) throws IOException {
        client.send(command);
        pending.add(Arrays.stream(command)
                .limit(2)
                .filter(String.class::isInstance)
                .map(Object::toString)
                .reduce((name, key) -> name + " " + key)
                .orElseThrow());
        if (pending.size() >= IN_FLIGHT) {
            drain();
        }
    }

    /** Reads the replies that are still out. */
    void drain() throws IOException {
        while (!pending.isEmpty()) {
            Object reply = client.receive();
            String command = pending.remove();
            if (reply instanceof RespClient.ErrorReply error) {
                throw new LocalServerException(command + " was answered with: " + error.message());
            }
        }
    }

    /** Whether the server knows this command. */
    boolean knows(String command) throws IOException {
        drain();
        List<?> info = (List<?>) client.call("COMMAND", "INFO", command);
        return info.get(0) != null;
    }
}
