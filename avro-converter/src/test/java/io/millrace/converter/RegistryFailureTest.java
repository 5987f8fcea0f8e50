package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a registry that fails, refuses or is not one leads to: tried again, or an error that says what to do. */
class RegistryFailureTest {

    private static final String TOPIC = "topic";
    private static final Schema SCHEMA = SchemaBuilder.struct()
            .name("io.millrace.test.Simple")
            .field("a", Schema.INT32_SCHEMA)
            .build();
    private static final Struct VALUE = new Struct(SCHEMA).put("a", 1);
    private static final byte[] BYTES = {0, 0, 0, 0, 9, 2};

    private static HttpServer server;
    private static volatile int status;
    private static volatile String body;
    private static volatile String authorization;

    @BeforeAll
    static void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void anUnreachableRegistryIsTriedAgain() {
        try (MillraceAvroConverter converter = converter("http://127.0.0.1:1")) {
            assertThatThrownBy(() -> converter.fromConnectData(TOPIC, SCHEMA, VALUE))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("cannot be reached")
                    .hasMessageContaining("topic-value");
            assertThatThrownBy(() -> converter.toConnectData(TOPIC, BYTES)).isInstanceOf(RetriableException.class);
        }
    }

    @Test
    void aRegistryInTroubleIsTriedAgain() {
        for (int code : new int[] {429, 500, 503}) {
            answered(
                    code,
                    "{\"error_code\": " + code + "01, \"message\": \"in trouble\"}",
                    writing -> assertThatThrownBy(writing)
                            .isInstanceOf(RetriableException.class)
                            .hasMessageContaining("in trouble"));
        }
    }

    @Test
    void refusedCredentialsAreNotTheRecordsFault() {
        answered(
                401,
                "{\"error_code\": 401, \"message\": \"Unauthorized\"}",
                writing -> assertThatThrownBy(writing)
                        .isInstanceOf(ConnectException.class)
                        .isNotInstanceOfAny(DataException.class, RetriableException.class)
                        .hasMessageContaining("basic.auth.user.info"));
    }

    @Test
    void credentialsReachTheRegistry() {
        status = 200;
        body = "{\"id\": 7}";
        try (MillraceAvroConverter converter = converter(
                address(), "basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "user:secret")) {
            assertThat(converter.fromConnectData(TOPIC, SCHEMA, VALUE)).containsExactly(0, 0, 0, 0, 7, 2);
        }
        assertThat(authorization)
                .isEqualTo(
                        "Basic " + Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void somethingElseThanARegistryIsToldFromOne() {
        answered(
                200,
                "<html>hello</html>",
                writing -> assertThatThrownBy(writing)
                        .isInstanceOf(ConnectException.class)
                        .isNotInstanceOfAny(DataException.class, RetriableException.class)
                        .hasMessageContaining("did not answer as a schema registry does"));
    }

    @Test
    void anIncompatibleSchemaIsTheRecordsFault() {
        answered(
                409,
                "{\"error_code\": 409, \"message\": \"not compatible\"}",
                writing -> assertThatThrownBy(writing)
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining(TOPIC)
                        .hasMessageContaining("incompatible"));
    }

    @Test
    void anUnknownIdIsNamed() {
        status = 404;
        body = "{\"error_code\": 40403, \"message\": \"Schema 9 not found\"}";
        try (MillraceAvroConverter converter = converter(address())) {
            assertThatThrownBy(() -> converter.toConnectData(TOPIC, BYTES))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(TOPIC)
                    .hasMessageContaining("Schema 9 not found")
                    .hasMessageContaining("check schema.registry.url");
        }
    }

    @Test
    void aSchemaThatWasNotRegisteredIsNamed() {
        MockSchemaRegistry.dropScope("none");
        try (MillraceAvroConverter converter = Converters.ours("none", "auto.register.schemas", "false")) {
            assertThatThrownBy(() -> converter.fromConnectData(TOPIC, SCHEMA, VALUE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("topic-value")
                    .hasMessageContaining("auto.register.schemas=true");
        }
    }

    @Test
    void theLatestVersionIsWrittenWithItsDefaults() throws Exception {
        MockSchemaRegistry.dropScope("latest");
        org.apache.avro.Schema latest = new org.apache.avro.Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"Simple\", \"namespace\": \"io.millrace.test\", \"fields\": ["
                        + "{\"name\": \"b\", \"type\": \"string\", \"default\": \"x\"},"
                        + "{\"name\": \"a\", \"type\": \"int\"}]}");
        int id = Converters.register("latest", TOPIC, latest);
        try (MillraceAvroConverter converter =
                Converters.ours("latest", "auto.register.schemas", "false", "use.latest.version", "true")) {
            byte[] bytes = converter.fromConnectData(TOPIC, SCHEMA, VALUE);
            assertThat(bytes[4]).isEqualTo((byte) id);
            Struct read = (Struct) converter.toConnectData(TOPIC, bytes).value();
            assertThat(read.getInt32("a")).isEqualTo(1);
            assertThat(read.getString("b")).isEqualTo("x");
        }
    }

    @Test
    void aFieldThatTheLatestVersionDoesNotHaveIsNotDropped() {
        MockSchemaRegistry.dropScope("narrow");
        Converters.register(
                "narrow",
                TOPIC,
                new org.apache.avro.Schema.Parser()
                        .parse(
                                "{\"type\": \"record\", \"name\": \"Simple\", \"namespace\": \"io.millrace.test\", \"fields\":"
                                        + " [{\"name\": \"b\", \"type\": \"string\", \"default\": \"x\"}]}"));
        try (MillraceAvroConverter converter =
                Converters.ours("narrow", "auto.register.schemas", "false", "use.latest.version", "true")) {
            assertThatThrownBy(() -> converter.fromConnectData(TOPIC, SCHEMA, VALUE))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("has no field 'a'");
        }
    }

    @Test
    void aValueOfTheWrongTypeIsNamedByItsPath() {
        Schema schema = SchemaBuilder.struct()
                .name("io.millrace.test.Outer")
                .field("list", SchemaBuilder.array(SCHEMA).build())
                .build();
        Struct unset = new Struct(SCHEMA);
        MockSchemaRegistry.dropScope("path");
        try (MillraceAvroConverter converter = Converters.ours("path")) {
            List<Struct> list = new ArrayList<>(List.of(VALUE));
            Struct value = new Struct(schema).put("list", list);
            // Connect checks what is put, not what becomes of it.
            list.add(unset);
            assertThatThrownBy(() -> converter.fromConnectData(TOPIC, schema, value))
                    .isInstanceOf(DataException.class)
                    .hasMessage("A record of topic topic cannot be written as Avro: field list[1].a: null stands where"
                            + " the schema has a required INT32.");
        }
    }

    @Test
    void settingsThatCannotBeKeptAreRefused() {
        try (MillraceAvroConverter converter = new MillraceAvroConverter()) {
            assertThatThrownBy(() -> converter.configure(Map.of("scrub.invalid.names", "true"), false))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("scrub.invalid.names");
            assertThat(converter.config().configKeys())
                    .containsKeys("schema.registry.url", "auto.register.schemas", "connect.meta.data");
            assertThat(converter.config().validate(Map.of()))
                    .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
            assertThat(converter.version()).isNotEmpty().doesNotContain("$");
        }
    }

    private interface Claim {
        void about(ThrowingCallable writing);
    }

    private static void answered(int code, String answer, Claim claim) {
        status = code;
        body = answer;
        try (MillraceAvroConverter converter = converter(address())) {
            claim.about(() -> converter.fromConnectData(TOPIC, SCHEMA, VALUE));
        }
    }

    private static String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static MillraceAvroConverter converter(String url, String... more) {
        MillraceAvroConverter converter = new MillraceAvroConverter();
        Map<String, String> settings = new HashMap<>(Map.of("schema.registry.url", url, "max.retries", "0"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        converter.configure(settings, false);
        return converter;
    }
}
