package io.millrace.it.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.connect.avro.AvroData;
import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.change.Value;
import io.millrace.codec.ChangeCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/** The samples of {@code docs/events.md} are what the codec makes of real changes. */
class EventSamplesTest {

    private static final String REPLICATION_ID = "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb";
    private static final long NOW = 1_790_000_000_000L;
    private static final Origin ORIGIN =
            new Origin("0", 1, REPLICATION_ID, NOW, NOW - 2, 1000, Map.of("environment", "production"));

    private final ChangeCodec codec = new ChangeCodec();
    private final AvroData avro = new AvroData(10);
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void theSamplesAreWhatTheCodecMakes() throws Exception {
        Change set = command(4711, 60_000 + NOW, null, "SET", "greeting", "hello", "PXAT", "1790000060000");
        Map<String, String> samples = new LinkedHashMap<>();
        samples.put("command", render(codec.single(set)));
        samples.put("key", render(codec.key(set)));
        samples.put(
                "snapshot",
                render(codec.single(entry(
                        "board",
                        "zset",
                        new Value.ZsetValue(List.of(
                                new Value.ScoredMember(bytes("ada"), 12.5),
                                new Value.ScoredMember(bytes("grace"), 99))),
                        null))));
        samples.put(
                "part",
                render(codec.single(entry(
                        "queue",
                        "list",
                        new Value.ListValue(List.of(bytes("first"), bytes("second"))),
                        new Part(0, false)))));
        samples.put(
                "transaction",
                render(codec.single(
                        command(5012, Expiry.NONE, new TransactionMark(4712, 1, true), "INCRBY", "account:2", "100"))));
        samples.put(
                "mark",
                render(codec.single(
                        new Mark(ORIGIN, 0, 4600, Mark.Meaning.SNAPSHOT_BEGIN, Map.of("sourceVersion", "8.6.3")))));
        samples.put(
                "batch",
                render(codec.batch(
                        ORIGIN,
                        List.of(
                                command(5060, Expiry.NONE, null, "DEL", "greeting"),
                                command(5107, Expiry.NONE, null, "SADD", "members", "ada")))));

        Page.of("events.md").holdsSamples(samples);
    }

    private String render(Struct struct) throws Exception {
        Object record = avro.fromConnectData(struct.schema(), struct);
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(record.toString()));
    }

    private static CommandChange command(long offset, long expireAt, TransactionMark tx, String name, String... args) {
        byte[][] bytes = new byte[args.length][];
        for (int i = 0; i < args.length; i++) {
            bytes[i] = bytes(args[i]);
        }
        return new CommandChange(ORIGIN, 0, offset, new Command(name, bytes, new int[] {0}), expireAt, tx, null);
    }

    private static SnapshotEntry entry(String key, String type, Value value, Part part) {
        return new SnapshotEntry(
                ORIGIN,
                0,
                4600,
                bytes(key),
                type,
                null,
                0,
                value,
                Expiry.NONE,
                part,
                SnapshotEntry.UNKNOWN,
                SnapshotEntry.UNKNOWN);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
