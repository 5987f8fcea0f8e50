package io.millrace.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the table against what real servers say of their commands. */
class CommandTableServerTest {

    private static final CommandTable TABLE = CommandTable.standard();

    /** Older than 7.0, where containers had no subcommands and some commands told no or wrong keys in COMMAND. */
    private static final Set<String> DESCRIBED_OTHERWISE_BEFORE_7 =
            Set.of("OBJECT", "XGROUP", "XINFO", "MIGRATE", "PFDEBUG", "MEMORY", "STRALGO", "HOST:", "POST");

    /** Commands that the servers execute and whose keys COMMAND GETKEYS of some versions does not find. */
    private static final Map<String, Set<String>> GETKEYS_REFUSES =
            Map.of("PFMERGE d", Set.of("d"), "EVAL return 0", Set.of());

    @ParameterizedTest
    @EnumSource(
            value = ServerVersion.class,
            names = {"REDIS_8_6", "VALKEY_9_1"})
    void theNewestServersDescribeEveryReplicatedCommandAsTheTableDoes(ServerVersion version) {
        try (LocalServer server = start(version);
                Node node = connect(server)) {
            SoftAssertions softly = new SoftAssertions();
            for (Command theirs : flat(ServerCommands.parse((List<?>) node.call("COMMAND")))) {
                Command ours = byName(TABLE.commands()).get(theirs.name());
                softly.assertThat(ours)
                        .as("%s knows %s", version, theirs.name())
                        .isNotNull();
                if (ours == null || !(ours.mayReplicate() || theirs.isWrite())) {
                    continue;
                }
                softly.assertThat(ours.arity()).as("arity of %s", ours).isEqualTo(theirs.arity());
                softly.assertThat(ours.flags()).as("flags of %s", ours).isEqualTo(theirs.flags());
                softly.assertThat(ours.keySpecs().stream().map(CommandTableServerTest::describe))
                        .as("keys of %s", ours)
                        .isEqualTo(theirs.keySpecs().stream()
                                .map(CommandTableServerTest::describe)
                                .toList());
            }
            softly.assertAll();
        }
    }

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void everyVersionKnowsNoOtherCommandsAndAgreesOnFirstLastAndStep(ServerVersion version) {
        try (LocalServer server = start(version);
                Node node = connect(server)) {
            SoftAssertions softly = new SoftAssertions();
            for (Object entry : (List<?>) node.call("COMMAND")) {
                List<?> fields = (List<?>) entry;
                String name = text(fields.get(0)).toUpperCase(java.util.Locale.ROOT);
                boolean old = fields.size() < 10;
                if (old && DESCRIBED_OTHERWISE_BEFORE_7.contains(name)) {
                    continue;
                }
                Command ours = TABLE.find(name.getBytes(StandardCharsets.US_ASCII));
                softly.assertThat(ours).as("%s knows %s", version, name).isNotNull();
                if (ours != null && ours.mayReplicate()) {
                    softly.assertThat(Range.of(ours))
                            .as("first, last, step of %s in %s", name, version)
                            .isEqualTo(new Range((Long) fields.get(3), (Long) fields.get(4), (Long) fields.get(5)));
                    softly.assertThat(ours.isWrite())
                            .as("write flag of %s in %s", name, version)
                            .isEqualTo(((List<?>) fields.get(2))
                                    .stream().anyMatch(flag -> text(flag).equals("write")));
                }
            }
            softly.assertAll();
        }
    }

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void everyVersionFindsTheSameKeys(ServerVersion version) {
        Set<String> sampled = new TreeSet<>();
        try (LocalServer server = start(version);
                Node node = connect(server)) {
            Map<String, Command> known = byName(ServerCommands.parse((List<?>) node.call("COMMAND")));
            boolean old = version == ServerVersion.REDIS_6_0 || version == ServerVersion.REDIS_6_2;
            SoftAssertions softly = new SoftAssertions();
            for (String line : WriteSamples.LINES) {
                byte[][] argv = CommandTableTest.argv(line);
                Command command = TABLE.find(argv);
                sampled.add(command.name());
                Command theirs = known.get(old ? container(command) : command.name());
                boolean comparable = theirs != null
                        && theirs.arityFits(argv.length)
                        && !(old && DESCRIBED_OTHERWISE_BEFORE_7.contains(container(command)));
                if (!comparable) {
                    continue;
                }
                softly.assertThat(ours(command, argv))
                        .as("%s: %s", version, line)
                        .isEqualTo(theirs(node, argv, line));
            }
            softly.assertAll();
        }
        assertThat(flat(TABLE.commands()).stream()
                        .filter(command ->
                                command.isWrite() && !command.keySpecs().isEmpty())
                        .map(Command::name))
                .as("every write command with keys is sampled")
                .isSubsetOf(sampled);
    }

    private static Set<String> ours(Command command, byte[][] argv) {
        Set<String> keys = new TreeSet<>();
        for (int position : command.keyPositions(argv)) {
            keys.add(text(argv[position]));
        }
        return keys;
    }

    private static Set<String> theirs(Node node, byte[][] argv, String line) {
        byte[][] request = new byte[argv.length + 2][];
        request[0] = Ascii.bytes("COMMAND");
        request[1] = Ascii.bytes("GETKEYS");
        System.arraycopy(argv, 0, request, 2, argv.length);
        try {
            Set<String> keys = new TreeSet<>();
            for (Object key : (List<?>) node.call(request)) {
                keys.add(text(key));
            }
            return keys;
        } catch (RedisFailureException e) {
            return GETKEYS_REFUSES.getOrDefault(line, Set.of(e.failure().detail()));
        }
    }

    private static LocalServer start(ServerVersion version) {
        assumeTrue(version.available().isPresent(), version.unavailableMessage());
        return LocalServer.start(version);
    }

    private static Node connect(LocalServer server) {
        Address address = new Address(LocalServer.HOST, server.port());
        return new NodeConnector(RedisEndpoint.standalone(address)).openFirst();
    }

    private static String container(Command command) {
        return command.name().split(" ")[0];
    }

    private static List<Command> flat(Iterable<Command> commands) {
        List<Command> flat = new ArrayList<>();
        for (Command command : commands) {
            flat.add(command);
            flat.addAll(command.subcommands());
        }
        return flat;
    }

    private static Map<String, Command> byName(Iterable<Command> commands) {
        Map<String, Command> map = new HashMap<>();
        flat(commands).forEach(command -> map.put(command.name(), command));
        return map;
    }

    /** Only the flags that decide whether and where keys are found; RW, insert and the like differ between products. */
    private static String describe(KeySpec spec) {
        String flags = Stream.of("not_key", "incomplete")
                .filter(spec.flags()::contains)
                .toList()
                .toString();
        String keyword = spec.keyword() == null ? "" : text(spec.keyword());
        return flags + keyword + "@" + spec.start() + spec.how() + spec.a() + "," + spec.b() + "," + spec.c();
    }

    /** The legacy description: server.c, populateCommandLegacyRangeSpec joins adjoining ranges. */
    private record Range(long first, long last, long step) {

        static Range of(Command command) {
            long first = 0;
            long last = 0;
            long step = 0;
            boolean open = false;
            for (KeySpec spec : command.keySpecs()) {
                boolean range = spec.how() == KeySpec.How.RANGE && spec.keyword() == null;
                if (!range || open || (first > 0 && spec.start() != last + 1)) {
                    continue;
                }
                first = first == 0 ? spec.start() : first;
                last = spec.a() < 0 ? spec.a() : spec.start() + spec.a();
                step = spec.b();
                open = spec.a() < 0;
            }
            return new Range(first, last, step);
        }
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.ISO_8859_1);
    }
}
