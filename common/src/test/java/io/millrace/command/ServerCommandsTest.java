package io.millrace.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerCommandsTest {

    private static byte[] word(String text) {
        return text.getBytes(US_ASCII);
    }

    private static List<Object> words(String... texts) {
        return Arrays.<Object>asList(
                Arrays.stream(texts).map(ServerCommandsTest::word).toArray());
    }

    /** As Redis 6 describes it. */
    private static List<Object> legacy(String name, long arity, List<Object> flags, long first, long last, long step) {
        return List.of(word(name), arity, flags, first, last, step, words("@write"));
    }

    private static int[] keys(CommandTable table, String line) {
        byte[][] argv = CommandTableTest.argv(line);
        return table.find(argv).keyPositions(argv);
    }

    @Test
    void commandsOfModulesAreAddedAndKnownOnesStay() {
        CommandTable table = CommandTable.standard()
                .withServerCommands(List.of(
                        legacy("json.set", -4, words("write", "denyoom", "module"), 1, 1, 1),
                        legacy("json.mset", -4, words("write", "module"), 1, -1, 3),
                        legacy("m.pair", 3, words("write", "module"), 1, 2, 1),
                        legacy("m.nokey", 1, words("readonly", "module"), 0, 0, 0),
                        legacy("set", 99, words("readonly"), 2, 2, 1)));
        assertThat(keys(table, "JSON.SET doc $ 1")).containsExactly(1);
        assertThat(keys(table, "json.mset a $ 1 b $ 2")).containsExactly(1, 4);
        assertThat(keys(table, "m.pair a b")).containsExactly(1, 2);
        assertThat(keys(table, "m.nokey")).isEmpty();
        Command set = table.find(word("JSON.SET"));
        assertThat(set.isWrite()).isTrue();
        assertThat(set.mayReplicate()).isTrue();
        assertThat(set.split()).isEqualTo(Split.NONE);
        assertThat(set.replay(CommandTableTest.argv("JSON.SET doc $ 1"))).isEqualTo(Replay.UNSAFE);
        assertThat(table.find(word("SET"))).isSameAs(CommandTable.standard().find(word("SET")));
        assertThat(CommandTable.standard().find(word("JSON.SET"))).isNull();
    }

    @Test
    void movableKeysWithoutASpecificationAreSaidToBeIncomplete() {
        CommandTable table = CommandTable.standard()
                .withServerCommands(List.of(
                        legacy("m.some", -2, words("write", "movablekeys"), 1, 1, 1),
                        legacy("m.none", -2, words("write", "movablekeys"), 0, 0, 0)));
        assertThat(table.find(word("M.SOME")).keysAreExact()).isFalse();
        assertThat(keys(table, "m.some a b")).containsExactly(1);
        assertThat(table.find(word("M.NONE")).keysAreExact()).isFalse();
        assertThat(CommandTable.standard().commands()).allMatch(Command::keysAreExact);
    }

    @Test
    void newSubcommandsOfAKnownContainerAreAdded() {
        List<Object> sub =
                List.of(word("xgroup|rename"), 5L, words("write"), 2L, 2L, 1L, words(), words(), List.of(), List.of());
        List<Object> container =
                List.of(word("xgroup"), -2L, words(), 0L, 0L, 0L, words(), words(), List.of(), List.of(sub));
        CommandTable table = CommandTable.standard().withServerCommands(List.of(container));
        assertThat(table.find(CommandTableTest.argv("XGROUP RENAME k a b")).name())
                .isEqualTo("XGROUP RENAME");
        assertThat(keys(table, "XGROUP RENAME k a b")).containsExactly(2);
        assertThat(keys(table, "XGROUP CREATE k g $")).containsExactly(2);
    }

    /** What a server says of its own commands is enough to find the keys of every one that needs no grammar of its own. */
    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void aRealReplyFindsTheSameKeysAsTheTable(ServerVersion version) {
        assumeTrue(version.available().isPresent(), version.unavailableMessage());
        try (LocalServer server = LocalServer.start(version);
                Node node = new NodeConnector(RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port())))
                        .openFirst()) {
            List<Command> reported = ServerCommands.parse((List<?>) node.call("COMMAND"));
            NameIndex index = new NameIndex(reported);
            int compared = 0;
            for (String line : WriteSamples.LINES) {
                byte[][] argv = CommandTableTest.argv(line);
                Command container = index.find(argv[0]);
                Command theirs = container == null ? null : container.resolve(argv);
                if (theirs == null || !theirs.keysAreExact() || !theirs.arityFits(argv.length)) {
                    continue;
                }
                if (!theirs.subcommands().isEmpty() || theirs.name().equals("PFDEBUG")) {
                    continue;
                }
                assertThat(theirs.keyPositions(argv))
                        .as("%s: %s", version, line)
                        .containsExactly(CommandTable.standard().find(argv).keyPositions(argv));
                compared++;
            }
            assertThat(compared).isGreaterThan(70);
        }
    }

    @Test
    void aReplyThatIsNoneOfCommandIsRefused() {
        assertThatThrownBy(() -> CommandTable.standard().withServerCommands(List.of(List.of(word("x")))))
                .isInstanceOf(RuntimeException.class);
    }
}
