package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Value;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.HashValue;
import io.millrace.client.ServerInfo;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.source.rdb.ValueDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Payloads of every version here, rewritten for every other and given to a real server of it. */
class PayloadRewriterTest {

    private final ValueDecoder oracle = new ValueDecoder();

    @Test
    void everyServerTakesWhatIsRewrittenForIt() throws Exception {
        Map<ServerVersion, Contents> sources = new LinkedHashMap<>();
        for (ServerVersion version : ServerVersion.present()) {
            try (LocalServer server = LocalServer.start(version)) {
                Keyspace.fill(server);
                sources.put(version, EveryVersionTest.read(EveryVersionTest.snapshot(server), RdbLimits.DEFAULT));
            }
        }
        for (ServerVersion version : ServerVersion.present()) {
            try (LocalServer server = LocalServer.start(version);
                    RespClient client = server.connect()) {
                ServerInfo info = ServerInfo.parse((byte[]) client.call("INFO"));
                PayloadRewriter rewriter = new PayloadRewriter(
                        info.version().rdbVersion(), info.version().valkey(), false);
                for (Map.Entry<ServerVersion, Contents> source : sources.entrySet()) {
                    for (Map.Entry<String, byte[]> entry :
                            source.getValue().payloads.entrySet()) {
                        String what = entry.getKey() + " from " + source.getKey() + " to " + version;
                        check(what, entry.getValue(), rewriter, version, client);
                    }
                }
            }
        }
    }

    private void check(String what, byte[] payload, PayloadRewriter rewriter, ServerVersion to, RespClient destination)
            throws Exception {
        Rewritten rewritten = rewriter.rewrite(payload);
        DumpValue source = DumpValue.of(payload);
        assertThat(rewritten.losses()).as(what).isEqualTo(expected(what, source, to));
        if (rewritten.payload() == null) {
            assertThat(what).contains("vectors");
            return;
        }
        assertThat(destination.call("RESTORE", "k", 0, rewritten.payload(), "REPLACE"))
                .as(what)
                .isEqualTo("OK");
        byte[] there = (byte[]) destination.call("DUMP", "k");
        if (source.isModule()) {
            assertThat(there).as(what).hasSizeGreaterThan(1000);
            assertThat(destination.call("VCARD", "k")).as(what).isEqualTo(50L);
            return;
        }
        String wanted = Texts.of(DumpValue.of(rewritten.payload()).decode());
        String read = Texts.of(DumpValue.of(there).decode());
        // A server works out for itself what an older encoding of a stream does not say.
        boolean completed = read.startsWith("stream")
                && DumpValue.of(rewritten.payload()).type()
                        != DumpValue.of(there).type();
        assertThat(completed ? entries(read) : read).as(what).isEqualTo(completed ? entries(wanted) : wanted);
        Optional<Value> independent = oracle.decode(rewritten.payload());
        assertThat(Texts.of(independent.orElseThrow())).as(what).isEqualTo(wanted);
        String original = Texts.of(without(source.decode(), rewritten.losses()));
        if (original.startsWith("stream")) {
            assertThat(entries(wanted)).as(what).isEqualTo(entries(original));
        } else {
            assertThat(wanted).as(what).isEqualTo(original);
        }
    }

    private static String entries(String stream) {
        return stream.substring(0, stream.indexOf(" first "));
    }

    private static Set<Loss> expected(String what, DumpValue source, ServerVersion to) throws Exception {
        if (source.isModule() && !to.isRedisAtLeast(8, 0)) {
            return Set.of(Loss.VECTOR_SET);
        }
        if (source.isModule() && source.rdbVersion() > 12 && !to.isRedisAtLeast(8, 6)) {
            return Set.of(Loss.VECTOR_SET_FORM);
        }
        if (what.startsWith("0/hash:expiring") && !to.hasHashFieldExpiry()) {
            return Set.of(Loss.FIELD_EXPIRY);
        }
        return what.startsWith("0/stream:idempotent") && !to.isRedisAtLeast(8, 6) ? Set.of(Loss.PRODUCERS) : Set.of();
    }

    private static Value without(Value value, Set<Loss> losses) {
        if (losses.contains(Loss.FIELD_EXPIRY) && value instanceof HashValue hash) {
            return new HashValue(hash.fields().stream()
                    .map(field -> new HashField(field.field(), field.value(), io.millrace.change.Expiry.NONE))
                    .toList());
        }
        return value;
    }
}
