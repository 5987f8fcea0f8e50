package io.millrace.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds {@code effects.tsv} to its word: any stretch of commands that it calls safe or refused, applied to its end and then
 * once more from its beginning, leaves the keyspace as it was after the first time; expiries only where no key goes by losing
 * its last element.
 */
class ReplaySafetyTest {

    private static final int STRETCHES = 150;
    private static final int LONGEST = 25;
    private static final int SEED = 7;

    /** k is a key, f a field or member, n a small number, t a time far ahead, i a stream ID. */
    private static final List<String> SAFE = List.of(
            "DEL k",
            "DEL k k",
            "UNLINK k",
            "PERSIST k",
            "SET k f",
            "SET k f NX",
            "SET k f XX KEEPTTL",
            "SET k f PXAT t000",
            "SET k n",
            "SETNX k f",
            "MSET k f k f",
            "GETSET k f",
            "SETBIT k n 1",
            "SETRANGE k n f",
            "HSET k f n",
            "HSET k f n f n",
            "HMSET k f n",
            "HSETNX k f n",
            "HPERSIST k FIELDS 1 f",
            "HSETEX k PXAT t000 FIELDS 1 f n",
            "HPEXPIREAT k t000 FIELDS 1 f",
            "SADD k f f",
            "ZADD k n f n f",
            "ZADD k NX n f",
            "ZADD k XX n f",
            "ZADD k GT n f",
            "ZADD k LT n f",
            "GEOADD k n n f",
            "PFADD k f f",
            "XADD k i-1 f n",
            "XADD k MAXLEN = 3 i-1 f n",
            "XDEL k i-1",
            "XDELEX k KEEPREF IDS 1 i-1",
            "XGROUP CREATE k f 0 MKSTREAM",
            "XGROUP DESTROY k f",
            "XGROUP SETID k f i",
            "LSET k 0 f",
            "MSETEX 2 k f k f PXAT t000",
            "FLUSHDB");

    /** Safe too, and able to remove a key with its last element. */
    private static final List<String> REMOVING =
            List.of("HDEL k f f", "HGETDEL k FIELDS 1 f", "SREM k f f", "ZREM k f", "ZREMRANGEBYSCORE k n n");

    private static final List<String> EXPIRY = List.of(
            "EXPIREAT k t", "PEXPIREAT k t000", "PEXPIREAT k t000 NX", "PEXPIREAT k t000 GT", "PEXPIREAT k t000 LT");

    /** What came before may be anything. */
    private static final List<String> BEFORE = List.of(
            "RPUSH k f f f",
            "INCR k",
            "APPEND k f",
            "ZADD k n f n f",
            "SADD k f f",
            "HSET k f n f n",
            "XADD k i-1 f n");

    @ParameterizedTest
    @EnumSource(
            value = ServerVersion.class,
            names = {"REDIS_7_0", "REDIS_8_6", "VALKEY_9_1"})
    void aStretchAppliedAgainChangesNothing(ServerVersion version) {
        assumeTrue(version.available().isPresent(), version.unavailableMessage());
        try (LocalServer server = LocalServer.of(version)
                        .config("enable-debug-command yes")
                        .start();
                Node node = new NodeConnector(RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port())))
                        .openFirst()) {
            Random random = new Random(SEED);
            assertUnchanged(version, node, joined(SAFE, REMOVING), random);
            assertUnchanged(version, node, joined(SAFE, EXPIRY), random);
        }
    }

    private static void assertUnchanged(ServerVersion version, Node node, List<String> lines, Random random) {
        TreeSet<String> effective = new TreeSet<>();
        for (int stretch = 0; stretch < STRETCHES; stretch++) {
            node.call("FLUSHALL");
            for (int i = random.nextInt(6); i > 0; i--) {
                changes(node, draw(BEFORE, random));
            }
            List<byte[][]> replicated = new ArrayList<>();
            for (int i = 1 + random.nextInt(LONGEST); i > 0; i--) {
                byte[][] argv = draw(lines, random);
                assertThat(CommandTable.standard().find(argv).replay(argv))
                        .as(line(argv))
                        .isNotEqualTo(Replay.UNSAFE);
                if (changes(node, argv)) { // only what changed something is replicated
                    replicated.add(argv);
                    effective.add(text(argv[0]));
                }
            }
            List<Object> once = keyspace(node);
            replicated.forEach(argv -> call(node, argv));
            assertThat(keyspace(node))
                    .as(
                            "%s, keyspace after a second time of %s",
                            version,
                            replicated.stream().map(ReplaySafetyTest::line).toList())
                    .isEqualTo(once);
        }
        assertThat(effective).as("the stretches are not empty").hasSizeGreaterThan(20);
    }

    private static List<String> joined(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /** Draws a line and fills in its letters. */
    private static byte[][] draw(List<String> lines, Random random) {
        String[] words = lines.get(random.nextInt(lines.size())).split(" ");
        byte[][] argv = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            String word =
                    i == 0 || words[i].length() > 4 || words[i].equals(words[i].toUpperCase(java.util.Locale.ROOT))
                            ? words[i]
                            : fill(words[i], random);
            argv[i] = word.getBytes(StandardCharsets.US_ASCII);
        }
        return argv;
    }

    private static String fill(String word, Random random) {
        return switch (word.charAt(0)) {
            case 'k' -> "key" + random.nextInt(3);
            case 'f' -> "field" + random.nextInt(3);
            case 'n' -> String.valueOf(random.nextInt(8));
            case 't' -> 4_000_000_000L + random.nextInt(3) + word.substring(1);
            case 'i' -> 1 + random.nextInt(9) + word.substring(1);
            default -> word;
        };
    }

    private static boolean changes(Node node, byte[][] argv) {
        long before = dirty(node);
        call(node, argv);
        return dirty(node) != before;
    }

    private static long dirty(Node node) {
        return ServerInfo.parse((byte[]) node.call("INFO", "persistence")).number("rdb_changes_since_last_save", -1);
    }

    /** Errors are part of it: BUSYKEY, BUSYGROUP, WRONGTYPE where the stretch changes a key's type, unknown commands. */
    private static void call(Node node, byte[][] argv) {
        try {
            node.call(argv);
        } catch (RedisFailureException e) {
            assertThat(node.isBroken()).isFalse();
        }
    }

    /** The server's digest of keys, types and values, and every expiry of a key or field. */
    private static List<Object> keyspace(Node node) {
        List<Object> all = new ArrayList<>();
        all.add(node.text("DEBUG", "DIGEST"));
        for (int i = 0; i < 3; i++) {
            String key = "key" + i;
            all.add(node.call("PEXPIRETIME", key));
            try {
                all.add(node.call("HPEXPIRETIME", key, "FIELDS", "3", "field0", "field1", "field2"));
            } catch (RedisFailureException e) { // no hash, or a version without expiring fields
                assertThat(e.kind()).isIn(Kind.WRONGTYPE, Kind.UNKNOWN_COMMAND);
            }
        }
        return all;
    }

    private static String line(byte[][] argv) {
        StringBuilder line = new StringBuilder();
        for (byte[] word : argv) {
            line.append(text(word)).append(' ');
        }
        return line.toString();
    }

    private static String text(byte[] word) {
        return new String(word, StandardCharsets.US_ASCII);
    }
}
