package io.millrace.source.assemble;

import io.millrace.change.Command;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What sentinels publish at the servers that they watch, every two seconds, to find each other (sentinel.c,
 * sentinelSendHello). It must not get to other servers: sentinels there that watch a master of the same name would take
 * these for theirs, and follow them to the source.
 */
final class SentinelHello {

    private static final byte[] CHANNEL = "__sentinel__:hello".getBytes(StandardCharsets.US_ASCII);

    private SentinelHello() {}

    static boolean is(Command command) {
        return command.keys().length == 0
                && command.args().length == 2
                && Arrays.equals(command.args()[0], CHANNEL)
                && command.name().equals("PUBLISH");
    }
}
