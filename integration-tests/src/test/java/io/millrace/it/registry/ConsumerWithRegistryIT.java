package io.millrace.it.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.connect.avro.AvroConverter;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.cli.embedded.EmbeddedBroker;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import io.millrace.converter.MillraceAvroConverter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of both Avro converters, through a real broker and a real registry, to a consumer that has the events jar. */
class ConsumerWithRegistryIT {

    private static final Origin ORIGIN =
            new Origin("0", 1, "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb", 1_700_000_000_000L, -1, -1, Map.of());

    @TempDir
    static Path directory;

    private static LocalRegistry registry;
    private static EmbeddedBroker broker;

    private final ChangeCodec codec = new ChangeCodec();

    @BeforeAll
    static void start() {
        registry = LocalRegistry.start();
        broker = EmbeddedBroker.start(directory.resolve("log"));
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
        registry.close();
    }

    @Test
    void aConsumerWithTheEventsJarAloneReadsWhatMillracesConverterWrote() throws Exception {
        consumerReads("by-millrace", new MillraceAvroConverter(), new MillraceAvroConverter());
    }

    @Test
    void aConsumerWithTheEventsJarAloneReadsWhatConfluentsConverterWrote() throws Exception {
        consumerReads("by-confluent", new AvroConverter(), new AvroConverter());
    }

    @Test
    void whatOneConverterWroteTheOtherReads() {
        Converter ours = configured(new MillraceAvroConverter(), false);
        Converter theirs = configured(new AvroConverter(), false);
        Change change = command("SET", "key", "value");
        for (Converter writer : List.of(ours, theirs)) {
            for (Converter reader : List.of(ours, theirs)) {
                SchemaAndValue read = reader.toConnectData(
                        "both", writer.fromConnectData("both", ChangeSchemas.CHANGE, codec.single(change)));
                assertThat(codec.read(read.schema(), read.value())).containsExactly(change);
            }
        }
    }

    @Test
    void schemasRegisteredFromTheEventsJarAreFoundWithoutRegistering() throws Exception {
        SchemaRegistryClient client = new CachedSchemaRegistryClient(registry.url(), 10);
        int id = client.register("prepared-value", new AvroSchema(published("Change.avsc")));
        Change change = command("SET", "key", "value");
        for (String latest : List.of("false", "true")) {
            Converter converter = configured(
                    new MillraceAvroConverter(), false, "auto.register.schemas", "false", "use.latest.version", latest);
            byte[] bytes = converter.fromConnectData("prepared", ChangeSchemas.CHANGE, codec.single(change));
            assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(id);
        }
        Converter theirs =
                configured(new AvroConverter(), false, "auto.register.schemas", "false", "use.latest.version", "true");
        byte[] bytes = theirs.fromConnectData("prepared", ChangeSchemas.CHANGE, codec.single(change));
        assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(id);
        assertThat(client.getAllVersions("prepared-value")).hasSize(1);
    }

    @Test
    void aSchemaThatBreaksReadersIsRefusedByTheRegistry() {
        Converter converter = configured(new MillraceAvroConverter(), false);
        org.apache.kafka.connect.data.Schema one = SchemaBuilder.struct()
                .name("io.millrace.test.Thing")
                .field("a", org.apache.kafka.connect.data.Schema.INT32_SCHEMA)
                .build();
        org.apache.kafka.connect.data.Schema two = SchemaBuilder.struct()
                .name("io.millrace.test.Thing")
                .field("b", org.apache.kafka.connect.data.Schema.STRING_SCHEMA)
                .build();
        converter.fromConnectData("things", one, new Struct(one).put("a", 1));
        assertThatThrownBy(() -> converter.fromConnectData("things", two, new Struct(two).put("b", "b")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("things")
                .hasMessageContaining("incompatible");
    }

    @Test
    void aRecordOfAnotherTopicIsRead() {
        Converter converter = configured(new MillraceAvroConverter(), false);
        Change change = command("SET", "key", "value");
        byte[] bytes = converter.fromConnectData("original", ChangeSchemas.CHANGE, codec.single(change));
        SchemaAndValue read = configured(new MillraceAvroConverter(), false).toConnectData("mirrored", bytes);
        assertThat(codec.read(read.schema(), read.value())).containsExactly(change);
    }

    private void consumerReads(String topic, Converter keys, Converter values) throws Exception {
        configured(keys, true);
        configured(values, false);
        List<Change> changes = List.of(
                command("SET", "key", "value"),
                command("DEL", "key"),
                new Mark(ORIGIN, 0, 9, Mark.Meaning.HEARTBEAT, Map.of()));
        topic(topic);
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "key.serializer", ByteArraySerializer.class,
                "value.serializer", ByteArraySerializer.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            for (Change change : changes) {
                producer.send(new ProducerRecord<>(
                                topic,
                                keys.fromConnectData(topic, ChangeSchemas.KEY, codec.key(change)),
                                values.fromConnectData(topic, ChangeSchemas.CHANGE, codec.single(change))))
                        .get();
            }
            topic(topic + "-batch");
            producer.send(new ProducerRecord<>(
                            topic + "-batch",
                            null,
                            values.fromConnectData(
                                    topic + "-batch", ChangeSchemas.BATCH, codec.batch(ORIGIN, changes))))
                    .get();
        }
        try (EventsOnly consumer = new EventsOnly()) {
            assertThat(consumer.knows("io.millrace.events.Change")).isTrue();
            assertThat(consumer.knows("io.millrace.codec.ChangeCodec")).isFalse();
            assertThat(consumer.knows("io.millrace.converter.MillraceAvroConverter"))
                    .isFalse();
            assertThat(consumer.knows("org.apache.kafka.connect.data.Schema")).isFalse();
            assertThat(consumer.consume(broker.bootstrapServers(), registry.url(), topic, changes.size()))
                    .containsExactly("0/key: SET key value", "0/key: DEL key", "0/-: heartbeat -");
            assertThat(consumer.consume(broker.bootstrapServers(), registry.url(), topic + "-batch", 1))
                    .containsExactly("-: SET key value; DEL key; heartbeat -");
        }
    }

    private static void topic(String name) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
    }

    private static Converter configured(Converter converter, boolean isKey, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of("schema.registry.url", registry.url()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        converter.configure(settings, isKey);
        return converter;
    }

    private static CommandChange command(String name, String... args) {
        byte[][] bytes = new byte[args.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = args[i].getBytes(StandardCharsets.UTF_8);
        }
        return new CommandChange(ORIGIN, 0, 7, new Command(name, bytes, new int[] {0}), Expiry.NONE, null, null);
    }

    private static Schema published(String name) throws IOException {
        try (InputStream in = ConsumerWithRegistryIT.class.getResourceAsStream("/avro/" + name)) {
            return new Schema.Parser().parse(in);
        }
    }
}
