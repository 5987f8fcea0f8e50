package io.millrace.benchmarks;

import io.confluent.connect.avro.AvroConverter;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import io.millrace.converter.MillraceAvroConverter;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.storage.Converter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One record of one SET, and one record of 64 of them, between Connect's struct and the bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class ConverterBenchmark {

    private static final String TOPIC = "topic";

    @Param({"millrace", "millrace-without-registry", "confluent"})
    public String converter;

    @Param({"1", "64"})
    public int changes;

    private final ChangeCodec codec = new ChangeCodec();
    private Converter subject;
    private Origin origin;
    private CommandChange change;
    private Schema schema;
    private Struct struct;
    private byte[] bytes;
    private SchemaAndValue read;

    @Setup
    public void prepare() {
        subject = converter.equals("confluent") ? new AvroConverter() : new MillraceAvroConverter();
        subject.configure(
                converter.endsWith("without-registry") ? Map.of() : Map.of("schema.registry.url", "mock://benchmark"),
                false);
        byte[][] args = {text("user:1000:profile"), text("x".repeat(60))};
        origin = new Origin("0", 1, "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb", 1_700_000_000_000L, -1, -1, Map.of());
        change = new CommandChange(
                origin, 0, 123_456_789L, new Command("SET", args, new int[] {0}), Expiry.NONE, null, null);
        schema = changes == 1 ? ChangeSchemas.CHANGE : ChangeSchemas.BATCH;
        struct = encode();
        bytes = write();
        read = read();
    }

    /** From the change model to the struct. */
    @Benchmark
    public Struct encode() {
        return changes == 1 ? codec.single(change) : codec.batch(origin, Collections.nCopies(changes, change));
    }

    /** From the struct to the bytes. */
    @Benchmark
    public byte[] write() {
        return subject.fromConnectData(TOPIC, schema, struct);
    }

    /** From the bytes to a struct. */
    @Benchmark
    public SchemaAndValue read() {
        return subject.toConnectData(TOPIC, bytes);
    }

    /** From that struct to the change model. */
    @Benchmark
    public Object decode() {
        return codec.read(read.schema(), read.value());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
