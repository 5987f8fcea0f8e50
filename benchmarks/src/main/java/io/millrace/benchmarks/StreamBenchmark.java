package io.millrace.benchmarks;

import io.millrace.source.link.RespLimits;
import io.millrace.source.link.RespReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** One SET of 100 bytes from the bytes of the replication stream. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class StreamBenchmark {
    private static final int COMMANDS = 1000;

    private byte[] stream;

    @Setup
    public void prepare() {
        stream = ("*3\r\n$3\r\nSET\r\n$12\r\nuser:1000000\r\n$100\r\n" + "x".repeat(100) + "\r\n")
                .repeat(COMMANDS)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a command and its arguments. */
    @Benchmark
    @OperationsPerInvocation(COMMANDS)
    public void read(Blackhole hole) throws IOException {
        RespReader reader = new RespReader(new ByteArrayInputStream(stream), 0, RespLimits.DEFAULT);
        for (int i = 0; i < COMMANDS; i++) {
            hole.consume(reader.next());
        }
    }
}
