package io.millrace.benchmarks;

import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.rdb.RdbKey;
import io.millrace.rdb.RdbLimits;
import io.millrace.rdb.RdbReader;
import io.millrace.rdb.RdbVisitor;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One string of 100 bytes from an RDB that a real server has written, as the payload of DUMP. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SnapshotBenchmark {
    private static final int KEYS = 10_000;

    private byte[] rdb;

    @Setup
    public void prepare() throws IOException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            for (int i = 0; i < KEYS; i++) {
                client.call("SET", "key:" + i, "value:" + i + "x".repeat(90));
            }
            client.call("CONFIG", "SET", "rdbcompression", "no");
            client.call("SAVE");
            rdb = Files.readAllBytes(server.directory().resolve("dump.rdb"));
        }
    }

    /** Finds where each value ends, makes its payload and checks the sum of all. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public void read(Blackhole hole) throws IOException, InterruptedException {
        RdbReader.read(new ByteArrayInputStream(rdb), RdbLimits.DEFAULT, new RdbVisitor() {
            @Override
            public void entry(RdbKey key, byte[] payload) {
                hole.consume(key);
                hole.consume(payload);
            }

            @Override
            public void part(RdbKey key, Value value, Part part) {
                throw new IllegalStateException("no value here is too large");
            }

            @Override
            public void function(byte[] code) {
                throw new IllegalStateException("there are no functions here");
            }
        });
    }
}
