package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.Difference.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of difference, planted in otherwise equal keyspaces, is found and nothing else is. */
class KeyspaceComparisonTest {
    private static final VerifyOptions QUICK = VerifyOptions.defaults().withRounds(1, Duration.ofMillis(1));

    private static LocalServer source;
    private static LocalServer target;
    private static boolean filled;

    @BeforeAll
    static void start() {
        source = LocalServer.start(ServerVersion.REDIS_7_0);
        target = LocalServer.start(ServerVersion.REDIS_7_0);
        filled = false;
    }

    /** The next test starts from equal keyspaces again. */
    private static void spoil() {
        filled = false;
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    @BeforeEach
    void fill() throws Exception {
        if (!filled) {
            for (LocalServer server : List.of(source, target)) {
                server.command("FLUSHALL");
                server.command("FUNCTION", "FLUSH");
                Servers.fill(server);
            }
            filled = true;
        }
    }

    private static void repair(String key) {
        Object payload = source.command("DUMP", key);
        if (payload == null) {
            target.command("DEL", key);
        } else {
            long expiry = Math.max(0, (Long) source.command("PEXPIRETIME", key));
            target.command("RESTORE", key, expiry, payload, "REPLACE", "ABSTTL");
        }
    }

    @Test
    void equalKeyspacesAreEqual() throws Exception {
        List<Progress> progress = new ArrayList<>();
        VerifyReport report =
                new KeyspaceComparison(Servers.endpoint(source), Servers.endpoint(target), QUICK).run(progress::add);
        assertThat(report.lines()).first().asString().startsWith("Equal: ");
        assertThat(report.isEqual()).isTrue();
        assertThat(report.differences()).isEmpty();
        assertThat(report.sourceKeys()).isEqualTo(report.targetKeys()).containsOnlyKeys(0, 1, 9, 15);
        assertThat(report.sourceKeys().get(9)).isEqualTo(size(source, 9));
        assertThat(report.notes()).isEmpty();
        assertThat(progress).extracting(Progress::phase).contains(Progress.Phase.values());
        Progress last = progress.stream()
                .filter(p -> p.phase() == Progress.Phase.COMPARE)
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(last.keys()).isEqualTo(last.total()).isEqualTo(report.keysCompared());
    }

    /** As the tokens of clouds do: a connection that outlives one logs in with the next. */
    @Test
    void aLoginThatRunsOutIsRenewedOnTheWay() throws Exception {
        AtomicInteger logins = new AtomicInteger();
        Credentials shortLived = new Credentials() {
            @Override
            public Login login() {
                logins.incrementAndGet();
                return Login.of("default", Secret.of("any"));
            }

            @Override
            public Optional<Instant> renewal(Login login) {
                return Optional.of(Instant.now());
            }
        };
        VerifyReport report = new KeyspaceComparison(
                        Servers.endpoint(source).withCredentials(shortLived), Servers.endpoint(target), QUICK)
                .run(progress -> {});
        assertThat(report.isEqual()).isTrue();
        assertThat(logins).hasValueGreaterThan(10);
    }

    static Stream<Arguments> planted() {
        return Stream.of(
                plant(Kind.MISSING, "string:int:1", "DEL"),
                plant(Kind.TYPE, "zset:edges", "SET", "now a string"),
                plant(Kind.VALUE, "string:int:13", "SET", "14"),
                plant(Kind.VALUE, "string:flat:1m", "SETRANGE", "1048575", "!"),
                plant(Kind.VALUE, "string:all-bytes", "SETRANGE", "128", "\0"),
                plant(Kind.VALUE, "string:holes", "APPEND", "x"),
                plant(Kind.VALUE, "list:same", "RPUSH", "one more"),
                plant(Kind.VALUE, "list:many-nodes", "LSET", "4321", "other"),
                plant(Kind.VALUE, "list:ints:2", "LSET", "0", "7"),
                plant(Kind.VALUE, "set:mixed", "SADD", "one more"),
                plant(Kind.VALUE, "set:text:2", "SREM", "member 0"),
                plant(Kind.VALUE, "zset:513", "ZINCRBY", "0.000001", "member 7"),
                plant(Kind.VALUE, "zset:2", "ZADD", "0.1", "new"),
                plant(Kind.VALUE, "hash:513", "HSET", "field 500", "other"),
                plant(Kind.VALUE, "hash:1", "HSET", "new", "1"),
                plant(Kind.VALUE, "stream:plain", "XDEL", "300-0"),
                plant(Kind.VALUE, "stream:shapes", "XADD", "18446744073709551615-2", "a", "b"),
                plant(Kind.VALUE, "stream:last-id", "XSETID", "900-8"),
                plant(Kind.VALUE, "hll:dense", "PFADD", "one more element", "and another", "and some"),
                plant(Kind.VALUE, "bitmap", "SETBIT", "77777777", "1"),
                plant(Kind.VALUE, "geo", "GEOADD", "2.35", "48.85", "Paris"),
                plant(Kind.EXPIRY, "string:int:12", "PEXPIREAT", "4102444800000"),
                plant(Kind.EXPIRY, "string:int:1", "PERSIST"),
                plant(Kind.EXPIRY, "stream:plain", "PEXPIREAT", "4102444800002"),
                plant(Kind.GHOST, "list:no-such", "RPUSH", "ghost"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void planted(Kind kind, String key, String[] command) throws Exception {
        target.command((Object[]) command);
        VerifyReport report = compare();
        repair(key);
        assertThat(report.differenceCount()).isEqualTo(1);
        Difference found = report.differences().get(0);
        assertThat(found.kind()).isEqualTo(kind);
        assertThat(new String(found.key(), StandardCharsets.ISO_8859_1)).isEqualTo(key);
        assertThat(found.database()).isZero();
        assertThat(found.source()).isNotEqualTo(found.target());
    }

    private static Arguments plant(Kind kind, String key, String command, String... more) {
        String[] all = Stream.concat(Stream.of(command, key), Stream.of(more)).toArray(String[]::new);
        return Arguments.of(kind, key, all);
    }

    @Test
    void groupsConsumersAndPendingEntriesAreCompared() throws Exception {
        spoil();
        String stream = "stream:groups";
        target.command("XGROUP", "SETID", stream, "tail", "7-0");
        assertThat(onlyDifference().target()).contains("group \"tail\" with last-delivered-id 7-0");
        target.command("XGROUP", "SETID", stream, "tail", "$");

        target.command("XGROUP", "CREATECONSUMER", stream, "workers", "late");
        assertThat(onlyDifference().target()).contains("\"late\"");
        target.command("XGROUP", "DELCONSUMER", stream, "workers", "late");

        source.command("XCLAIM", stream, "workers", "bob", 0, "5-0", "RETRYCOUNT", 1, "JUSTID");
        source.command("XCLAIM", stream, "workers", "bob", 0, "11-0", "RETRYCOUNT", 1, "JUSTID");
        source.command("XCLAIM", stream, "workers", "alice", 0, "11-0", "RETRYCOUNT", 1, "JUSTID");
        target.command("XCLAIM", stream, "workers", "alice", 0, "11-0", "RETRYCOUNT", 1, "JUSTID");
        target.command("XCLAIM", stream, "workers", "bob", 0, "6-0", "RETRYCOUNT", 1, "JUSTID");
        Difference pending = onlyDifference();
        assertThat(pending.source()).contains("entry 5-0 pending at \"bob\"");
        assertThat(pending.target()).contains("entry 5-0 pending at \"alice\"");
    }

    @Test
    void ghostsAndMissingKeysInEveryDatabaseAreCounted() throws Exception {
        spoil();
        for (int database : new int[] {0, 9, 12}) {
            inDatabase(target, database, "MSET", "ghost:1", "v", "ghost:2", "v");
            inDatabase(source, database, "SET", "lost", "v");
        }
        VerifyReport report = new KeyspaceComparison(
                        Servers.endpoint(source), Servers.endpoint(target), QUICK.withMaxDifferences(4))
                .run();
        assertThat(report.differenceCount()).isEqualTo(9);
        assertThat(report.counts())
                .containsEntry(Kind.GHOST, 6L)
                .containsEntry(Kind.MISSING, 3L)
                .hasSize(2);
        assertThat(report.differences()).hasSize(4);
        assertThat(report.lines()).contains("  missing: 3", "  ghost: 6", "  and 5 more");

        VerifyReport one = new KeyspaceComparison(
                        Servers.endpoint(source), Servers.endpoint(target), QUICK.withDatabases(Set.of(9)))
                .run();
        assertThat(one.differences()).extracting(Difference::database).containsExactly(9, 9, 9);
    }

    @Test
    void ownKeysAreIgnored() throws Exception {
        spoil();
        target.command("SET", "__millrace:checkpoint", "v");
        source.command("SET", "__millrace:{x}:heartbeat", "v");
        assertThat(compare().isEqual()).isTrue();
    }

    @Test
    void functionLibrariesAreCompared() throws Exception {
        spoil();
        target.command("FUNCTION", "LOAD", "#!lua name=extra\nredis.register_function('e', function() return 1 end)");
        Difference extra = onlyDifference();
        assertThat(extra.kind()).isEqualTo(Kind.FUNCTION);
        assertThat(extra.printableKey()).isEqualTo("\"extra\"");
        assertThat(extra.source()).isEqualTo("no such library");
    }

    @Test
    void theToleranceIsForExpiryAlone() throws Exception {
        target.command("PEXPIREAT", "stream:plain", Populator.EXPIRY_BASE + 31);
        RedisEndpoint left = Servers.endpoint(source);
        RedisEndpoint right = Servers.endpoint(target);
        assertThat(new KeyspaceComparison(left, right, QUICK.withExpiryTolerance(Duration.ofMillis(30)))
                        .run()
                        .isEqual())
                .isTrue();
        assertThat(new KeyspaceComparison(left, right, QUICK.withExpiryTolerance(Duration.ofMillis(29)))
                        .run()
                        .counts())
                .containsOnlyKeys(Kind.EXPIRY);
        repair("stream:plain");
    }

    @Test
    void aKeyThatExpiresMeanwhileIsNoDifference() throws Exception {
        for (int i = 0; i < 200; i++) {
            // The target's expire a little later, as behind a pipeline.
            source.command("SET", "brief:" + i, "v", "PX", 1 + i);
            target.command("SET", "brief:" + i, "v", "PX", 5 + i);
        }
        VerifyReport report = new KeyspaceComparison(
                        Servers.endpoint(source),
                        Servers.endpoint(target),
                        VerifyOptions.defaults().withRounds(3, Duration.ofMillis(400)))
                .run();
        assertThat(report.lines()).first().asString().startsWith("Equal");
    }

    @Test
    void aWriteThatArrivesLateIsNoDifference() throws Exception {
        spoil();
        source.command("SET", "late", "v");
        AtomicInteger batches = new AtomicInteger();
        VerifyReport report = new KeyspaceComparison(
                        Servers.endpoint(source),
                        Servers.endpoint(target),
                        QUICK.withBatchKeys(10).withRounds(3, Duration.ofMillis(1)))
                .run(progress -> {
                    if (progress.suspects() == 1 && batches.incrementAndGet() == 1) {
                        target.command("SET", "late", "v");
                    }
                });
        assertThat(batches).hasPositiveValue();
        assertThat(report.isEqual()).isTrue();
    }

    @Test
    void theReportIsSafeForAnyBytes() throws Exception {
        byte[] key = {'a', 0, '"', '\\', (byte) 0xff, '\n'};
        target.command("SET", key, "v");
        VerifyReport report = compare();
        target.command("DEL", key);
        assertThat(report.lines())
                .contains("  db 0 \"a\\x00\\\"\\\\\\xff\\n\": ghost: source has no such key, target has string");
        assertThat(report.json())
                .contains("\"keyHex\" : \"6100225cff0a\"")
                .contains("\"key\" : \"\\\"a\\\\x00\\\\\\\"\\\\\\\\\\\\xff\\\\n\\\"\"")
                .contains("\"differenceCount\" : 1")
                .contains("\"ghost\" : 1");
    }

    @Test
    void aServerThatIsNotThereIsAnError() {
        LocalServer gone = LocalServer.start(ServerVersion.REDIS_7_0);
        gone.close();
        RedisEndpoint nowhere = RedisEndpoint.standalone(new Address(LocalServer.HOST, gone.port()));
        assertThatThrownBy(() -> KeyspaceComparison.between(Servers.endpoint(source), nowhere)
                        .run())
                .isInstanceOf(RedisFailureException.class)
                .hasMessageContaining(Integer.toString(gone.port()));
    }

    private static VerifyReport compare() throws Exception {
        return new KeyspaceComparison(Servers.endpoint(source), Servers.endpoint(target), QUICK).run();
    }

    private static Difference onlyDifference() throws Exception {
        VerifyReport report = compare();
        assertThat(report.differences()).hasSize(1);
        return report.differences().get(0);
    }

    private static long size(LocalServer server, int database) throws Exception {
        try (var client = server.connect()) {
            client.call("SELECT", database);
            return (Long) client.call("DBSIZE");
        }
    }

    private static void inDatabase(LocalServer server, int database, Object... command) throws Exception {
        try (var client = server.connect()) {
            client.call("SELECT", database);
            client.call(command);
        }
    }
}
