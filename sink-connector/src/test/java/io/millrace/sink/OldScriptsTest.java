package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalServer;
import org.junit.jupiter.api.Test;

/** Scripts as an old source replicates them: once as a script, then by its digest. */
class OldScriptsTest extends ClusterDestination {

    private static final String ADD = "return redis.call('INCRBY',KEYS[1],ARGV[1])";
    private static final String DIGEST = "fb8144401c089a1dbddf5fc7eb24a42b93c7cb92";

    @Test
    void aDigestIsExecutedOnNodesThatNeverHadTheScript() {
        start("cross.slot", "copy");
        sink.send(feed.command("EVAL", ADD, "1", "k0", "1"));
        for (int i = 0; i < 20; i++) {
            sink.send(feed.command("EVALSHA", DIGEST, "1", "k" + i, "2"));
        }
        sink.send(
                feed.transaction(
                        new Object[] {"EVALSHA", DIGEST, "1", "k0", "10"},
                        new Object[] {"EVALSHA", DIGEST, "1", "k1", "10"}),
                1);
        sink.awaitApplied();
        assertThat(get("k0")).isEqualTo("13");
        assertThat(get("k1")).isEqualTo("12");
        assertThat(get("k19")).isEqualTo("2");
    }

    @Test
    void aLaterTaskKnowsItAfterTheDestinationHasLostIt() {
        start();
        sink.send(feed.command("SCRIPT", "LOAD", ADD), feed.command("SET", "k", "1"));
        sink.awaitApplied();
        sink.stop();
        cluster.masters().forEach(master -> master.command("SCRIPT", "FLUSH"));
        sink.start();
        sink.send(feed.command("EVALSHA", DIGEST, "1", "k", "1"), feed.command("FLUSHALL"));
        sink.awaitApplied();
        sink.stop();
        cluster.masters().forEach(master -> master.command("SCRIPT", "FLUSH"));
        sink.start();
        sink.send(feed.command("EVALSHA", DIGEST, "1", "k", "7"));
        sink.awaitApplied();
        assertThat(get("k")).isEqualTo("7");
    }

    @Test
    void aScriptThatFailsOrIsNotKnownIsReported() {
        sink = new SinkDriver(SinkDriver.to(cluster), true);
        sink.send(
                feed.command("EVAL", "redis.call('SET', KEYS[1], 'x') return redis.call('INCR', KEYS[1])", "1", "k"),
                feed.command("EVALSHA", "0123456789012345678901234567890123456789", "1", "k", "1"),
                feed.command("SET", "after", "1"));
        sink.awaitApplied();
        assertThat(get("k")).isEqualTo("x");
        assertThat(get("after")).isEqualTo("1");
        assertThat(sink.reports())
                .extracting(report -> report.error().getMessage())
                .satisfiesExactly(
                        m -> assertThat(m).contains("EVAL of key \"k\"", "not an integer"),
                        m -> assertThat(m).contains("EVALSHA of key \"k\"", "SCRIPT LOAD"));
        for (LocalServer master : cluster.masters()) {
            assertThat((Iterable<?>) master.command("KEYS", "__millrace:gathered*"))
                    .isEmpty();
        }
    }
}
