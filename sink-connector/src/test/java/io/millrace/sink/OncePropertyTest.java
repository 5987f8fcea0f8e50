package io.millrace.sink;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Random work, in random windows, with connections that break after any byte and sinks that end at any moment. */
class OncePropertyTest {

    /**
     * @param cutAfter bytes of replies after which the connection breaks; 0 leaves it alone
     * @param crash whether the sink ends after this and another begins, with the consumer group at the beginning
     */
    record Round(int steps, int perRecord, int cutAfter, boolean crash) {}

    private static LocalServer server;
    private static TcpProxy proxy;

    @BeforeContainer
    static void start() {
        server = LocalServer.start(ServerVersion.standard());
        proxy = TcpProxy.to(server.port());
    }

    @AfterContainer
    static void stop() {
        proxy.close();
        server.close();
    }

    @Provide
    Arbitrary<List<Round>> rounds() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 120),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(0, 1500),
                        Arbitraries.of(true, false, false))
                .as(Round::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(5);
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void everythingIsAppliedOnce(
            @ForAll("rounds") List<Round> rounds,
            @ForAll @IntRange(min = 1, max = 60) int window,
            @ForAll @IntRange(min = 1024, max = 4096) int transactionBytes)
            throws IOException {
        server.command("FLUSHALL");
        Map<String, String> properties = SinkDriver.to(proxy.port());
        properties.put("batch.max.commands", Integer.toString(window));
        properties.put("transaction.max.bytes", Integer.toString(transactionBytes));
        Tally tally = new Tally(new Feed(1));
        try (SinkDriver sink = new SinkDriver(properties, false);
                RespClient client = server.connect()) {
            for (Round round : rounds) {
                if (round.cutAfter > 0) {
                    proxy.cutAfterBytesToClient(round.cutAfter);
                }
                sink.send(tally.more(round.steps), round.perRecord);
                if (round.crash) {
                    sink.crash();
                    sink.committed(0);
                    sink.restart();
                    sink.pump();
                }
                proxy.pass();
            }
            sink.awaitApplied();
            tally.check(client);
        }
    }
}
