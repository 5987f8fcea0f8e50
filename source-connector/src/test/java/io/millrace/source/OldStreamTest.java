package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.redis.local.RecordedMaster;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The replication stream of Redis 4.0, as its source propagates: expiries counted from now (setGenericCommand,
 * expireGenericCommand), scripts verbatim with {@code lua-replicate-commands no}, the default of 4.0 (scripting.c), evictions and
 * expiries as DEL, SPOP as SREM, PINGs in between.
 */
class OldStreamTest {

    /** No key, as 4.0 writes it; the checksum 0 says that it is switched off (rdbchecksum no). */
    private static final byte[] EMPTY_RDB = bytes("REDIS0008\u00fa\u0009redis-ver\u00064.0.14\u00ff\0\0\0\0\0\0\0\0");

    @Test
    void theDialectOfOldMastersIsUnderstood() throws Exception {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (String[] command : new String[][] {
            {"SELECT", "0"},
            {"SET", "plain", "v"},
            {"PING"},
            {"set", "ex", "v", "EX", "100"},
            {"SETEX", "setex", "200", "v"},
            {"PEXPIRE", "plain", "300000"},
            {"EVAL", "redis.call('SET', KEYS[1], ARGV[1])", "1", "scripted", "x"},
            {"MULTI"},
            {"INCR", "a"},
            {"INCR", "b"},
            {"EXEC"},
            {"SREM", "set", "popped"},
            {"SELECT", "3"},
            {"DEL", "expired"},
            {"PUBLISH", "channel", "message"},
            {"PEXPIREAT", "end", "4102444800000"},
            {"LPUSH", "end", "x"}
        }) {
            stream.writeBytes(resp(command));
        }
        long before = System.currentTimeMillis();
        try (RecordedMaster master = new RecordedMaster("4.0.14", EMPTY_RDB, stream.toByteArray());
                TaskDriver driver = new TaskDriver(
                        new HashMap<>(Map.of("redis.hosts", "127.0.0.1:" + master.port(), "topic", "t")))) {
            driver.start()
                    .until(() -> commands(driver).stream()
                            .anyMatch(c -> c.command().name().equals("LPUSH")));
            long after = System.currentTimeMillis();
            List<CommandChange> commands = commands(driver);
            assertThat(commands.stream().map(c -> c.command().name()).collect(Collectors.toList()))
                    .containsExactly(
                            "SET",
                            "SET",
                            "SETEX",
                            "PEXPIRE",
                            "EVAL",
                            "INCR",
                            "INCR",
                            "SREM",
                            "DEL",
                            "PUBLISH",
                            "PEXPIREAT",
                            "LPUSH");
            // What counts from now counts from when it was captured; the sink does it.
            assertThat(commands.subList(0, 4)).allSatisfy(c -> {
                assertThat(c.expireAt()).isEqualTo(Expiry.NONE);
                assertThat(c.origin().capturedAt()).isBetween(before, after);
            });
            assertThat(new String(commands.get(1).command().args()[3], StandardCharsets.UTF_8))
                    .isEqualTo("100");
            assertThat(new String(commands.get(4).key(), StandardCharsets.UTF_8))
                    .isEqualTo("scripted");
            assertThat(commands.get(5).transaction().last()).isFalse();
            assertThat(commands.get(6).transaction().last()).isTrue();
            assertThat(commands.get(10).expireAt()).isEqualTo(4_102_444_800_000L);
            assertThat(commands.get(11).db()).isEqualTo(3);
            assertThat(commands.get(11).offset()).isEqualTo(1 + stream.size());
        }
    }

    private static List<CommandChange> commands(TaskDriver driver) {
        return driver.changes().stream()
                .filter(CommandChange.class::isInstance)
                .map(CommandChange.class::cast)
                .toList();
    }

    private static byte[] resp(String... command) {
        StringBuilder text = new StringBuilder("*" + command.length + "\r\n");
        for (String argument : command) {
            text.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        return bytes(text.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
