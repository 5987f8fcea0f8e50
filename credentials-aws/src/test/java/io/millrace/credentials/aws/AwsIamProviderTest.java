package io.millrace.credentials.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.cloud.local.StandInCache;
import io.millrace.cloud.local.StandInSts;
import io.millrace.config.CredentialSettings;
import io.millrace.credentials.CredentialProviders;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderSettings;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a token service and an IAM of our own, which compute every signature anew. */
class AwsIamProviderTest {

    private static final String KEY_ID = "AKIDMILLRACE";
    private static final String SECRET = "zq7OwnSecretPx";

    /** A clock that a test moves. */
    private static final class Hands extends Clock {
        private Instant now = Instant.parse("2026-11-29T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final Hands hands = new Hands();
    private final StandInCache cache =
            new StandInCache("orders", "elasticache", "eu-central-1", Map.of(KEY_ID, SECRET, "ASIAROLE", "zq7RolePx"));

    @AfterAll
    static void noSecretIsLogged() throws IOException {
        assertThat(Files.readString(Path.of("target", "test.log"))).doesNotContain("zq7", "X-Amz-Signature");
    }

    private Credentials credentials(String... options) {
        Map<String, Secret> set = new HashMap<>();
        set.put("cache.name", Secret.of("Orders"));
        set.put("region", Secret.of("eu-central-1"));
        set.put("access.key.id", Secret.of(KEY_ID));
        set.put("secret.access.key", Secret.of(SECRET));
        for (int i = 0; i < options.length; i += 2) {
            set.put(options[i], Secret.of(options[i + 1]));
        }
        set.values().removeIf(Secret::isEmpty);
        return new AwsIamProvider(hands, Map.of()).credentials(new ProviderSettings("mover", Secret.none(), set));
    }

    private static String token(Credentials credentials) {
        return new String(credentials.login().secret().reveal(), StandardCharsets.UTF_8);
    }

    @Test
    void isFoundAndItsSecretsAreHidden() {
        assertThat(CredentialProviders.named("aws-iam").options())
                .filteredOn(option -> option.secret())
                .extracting(option -> option.name())
                .containsExactly("secret.access.key", "session.token");
        assertThat(CredentialSettings.key("aws-iam", "cache.name")).isEqualTo("redis.credentials.aws-iam.cache.name");
    }

    @Test
    void aTokenIsAcceptedForItsQuarterOfAnHour() {
        Credentials credentials = credentials();
        String token = token(credentials);
        assertThat(cache.check(token, "mover", hands.now)).isEqualTo("accepted");
        assertThat(cache.check(token, "another", hands.now)).isEqualTo("of another user");
        assertThat(cache.check(token, "mover", hands.now.plusSeconds(899))).isEqualTo("accepted");
        hands.now = hands.now.plusSeconds(901);
        assertThat(cache.check(token, "mover", hands.now)).isEqualTo("out of its time");
        assertThat(cache.check(token(credentials), "mover", hands.now)).isEqualTo("accepted");
        assertThat(credentials.renewal(credentials.login()))
                .hasValueSatisfying(renewal ->
                        assertThat(Duration.between(hands.now, renewal)).isLessThan(Duration.ofHours(12)));
        assertThat(credentials).hasToString("AWS IAM for the cache orders");
    }

    @Test
    void aClockThatIsWrongGivesATokenOutOfItsTime() {
        hands.now = hands.now.plus(Duration.ofHours(1));
        assertThat(cache.check(token(credentials()), "mover", hands.now.minus(Duration.ofHours(1))))
                .isEqualTo("out of its time");
    }

    @Test
    void serverlessCachesAndMemoryDbAreNamedInTheToken() {
        String serverless = token(credentials("serverless", "true"));
        assertThat(serverless).contains("ResourceType=ServerlessCache");
        assertThat(cache.check(serverless, "mover", hands.now)).isEqualTo("accepted");
        StandInCache memoryDb = new StandInCache("orders", "memorydb", "eu-central-1", cache.secretByKeyId());
        assertThat(memoryDb.check(token(credentials("service", "memorydb")), "mover", hands.now))
                .isEqualTo("accepted");
    }

    @Test
    void aRoleIsAssumedAndAssumedAgainBeforeItRunsOut() throws Exception {
        try (StandInSts sts = new StandInSts(KEY_ID, SECRET)) {
            Credentials credentials = credentials(
                    "role.arn", "arn:aws:iam::1:role/reader", "role.external.id", "x1", "sts.endpoint", sts.url());
            sts.gives(StandInSts.Answer.keys(
                    "ASIAROLE", "zq7RolePx", Instant.now().plusSeconds(3600)));
            for (int i = 0; i < 3; i++) {
                assertThat(cache.check(token(credentials), "mover", hands.now)).isEqualTo("accepted");
            }
            assertThat(sts.asked()).isEqualTo(1);
            assertThat(sts.form())
                    .containsEntry("RoleArn", "arn:aws:iam::1:role/reader")
                    .containsEntry("ExternalId", "x1");
            assertThat(token(credentials)).contains("X-Amz-Security-Token=zq7SessionTokenPx");

            Credentials shortLived = credentials("role.arn", "arn:aws:iam::1:role/reader", "sts.endpoint", sts.url());
            for (int i = 0; i < 2; i++) {
                sts.gives(StandInSts.Answer.keys(
                        "ASIAROLE", "zq7RolePx", Instant.now().plusSeconds(30)));
                assertThat(cache.check(token(shortLived), "mover", hands.now)).isEqualTo("accepted");
            }
            assertThat(sts.asked()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403,AccessDenied,false,does not let this identity assume the role arn:aws:iam::1:role/reader",
        "403,ExpiredToken,true,no credentials at the moment",
        "403,InvalidClientTokenId,false,assume the role",
        "400,Throttling,true,too many requests",
        "503,ServiceUnavailable,true,no credentials at the moment",
        "403,RequestTimeTooSkewed,false,set its clock"
    })
    void whatStsRefusesIsASentenceWithItsCode(int status, String code, boolean retryable, String sentence)
            throws Exception {
        try (StandInSts sts = new StandInSts(KEY_ID, SECRET)) {
            for (int i = 0; i < 10; i++) {
                sts.gives(StandInSts.Answer.error(status, code));
            }
            CredentialsException e =
                    failure(credentials("role.arn", "arn:aws:iam::1:role/reader", "sts.endpoint", sts.url()));
            assertThat(e)
                    .hasMessageContaining(code)
                    .hasMessageContaining(sentence)
                    .hasNoCause();
            assertThat(e.isRetryable()).isEqualTo(retryable);
            assertThat(e.getMessage()).doesNotContain("zq7", "\n");
        }
    }

    @Test
    void aWrongKeyIsRefusedByItsSignature() throws Exception {
        try (StandInSts sts = new StandInSts(KEY_ID, "another secret")) {
            assertThat(failure(credentials("role.arn", "arn:aws:iam::1:role/reader", "sts.endpoint", sts.url())))
                    .hasMessageContaining("SignatureDoesNotMatch");
        }
        assertThat(failure(credentials("role.arn", "r", "sts.endpoint", "http://127.0.0.1:1"))
                        .isRetryable())
                .isTrue();
    }

    private static CredentialsException failure(Credentials credentials) {
        return catchThrowableOfType(CredentialsException.class, credentials::login);
    }

    @ParameterizedTest
    @CsvSource({
        "cache.name,'',cache.name,needs the name of the cache",
        "region,'',region,needs the region",
        "service,redis,service,elasticache or memorydb",
        "secret.access.key,'',access.key.id,go together",
        "sts.endpoint,nowhere,sts.endpoint,no URL"
    })
    void aWrongOptionIsNamed(String option, String value, String named, String sentence) {
        assertThatThrownBy(() -> credentials(option, value))
                .isInstanceOfSatisfying(InvalidProviderOptionException.class, e -> {
                    assertThat(e.option()).isEqualTo(named);
                    assertThat(e).hasMessageContaining(sentence);
                });
    }

    /** A real server whose password is always the token that IAM would accept now, as ElastiCache has it. */
    @Test
    void aConnectionLogsInWithTheTokenAndAgainWhenItsTimeRunsOut() {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .user("mover", "nothing yet", "~* +@all")
                .start()) {
            Credentials credentials = credentials();
            RedisEndpoint endpoint = RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port()))
                    .withCredentials(new Credentials() {
                        @Override
                        public Login login() {
                            return credentials.login();
                        }

                        @Override
                        public Optional<Instant> renewal(Login login) {
                            return Optional.of(Instant.now());
                        }
                    });
            accept(server, token(credentials));
            try (Node node = new NodeConnector(endpoint).openFirst()) {
                assertThat(node.text("ACL", "WHOAMI")).isEqualTo("mover");
                hands.now = hands.now.plus(Duration.ofHours(11));
                assertThatThrownBy(node::keepLoggedIn)
                        .isInstanceOfSatisfying(
                                RedisFailureException.class,
                                e -> assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION))
                        .hasMessageNotContaining("X-Amz");
                accept(server, token(credentials));
                node.keepLoggedIn();
                assertThat(node.text("ACL", "WHOAMI")).isEqualTo("mover");
            }
        }
    }

    private static void accept(LocalServer server, String token) {
        assertThat(server.command("ACL", "SETUSER", "mover", "resetpass", ">" + token))
                .isEqualTo("OK");
    }
}
