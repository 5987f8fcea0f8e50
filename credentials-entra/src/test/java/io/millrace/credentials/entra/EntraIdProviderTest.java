package io.millrace.credentials.entra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.cloud.local.ApplicationCertificate;
import io.millrace.cloud.local.StandInEntra;
import io.millrace.credentials.CredentialProviders;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderSettings;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a token endpoint of our own that checks the forms that it is sent. */
class EntraIdProviderTest {

    @TempDir
    private Path directory;

    private StandInEntra entra;

    @BeforeEach
    void start() throws IOException {
        entra = new StandInEntra(directory);
    }

    @AfterEach
    void stop() {
        entra.close();
    }

    @AfterAll
    static void noSecretIsLogged() throws IOException {
        assertThat(Files.readString(Path.of("target", "test.log"))).doesNotContain("zq7");
    }

    private Credentials credentials(String user, String... more) {
        Map<String, Secret> set = new HashMap<>();
        set.put("tenant.id", Secret.of("tenant-1"));
        set.put("client.id", Secret.of("client-1"));
        set.put("client.secret", Secret.of("zq7ClientSecretPx"));
        set.put("authority", Secret.of(entra.url()));
        for (int i = 0; i < more.length; i += 2) {
            set.put(more[i], Secret.of(more[i + 1]));
        }
        set.values().removeIf(Secret::isEmpty);
        return new EntraIdProvider(Optional.of(entra.trusting()))
                .credentials(new ProviderSettings(user, Secret.none(), set));
    }

    private static Login login(int n) {
        return Login.of("object-1", Secret.of(StandInEntra.token(n)));
    }

    @Test
    void isFoundAndItsSecretIsHidden() {
        assertThat(CredentialProviders.named("entra-id").options())
                .filteredOn(option -> option.secret())
                .extracting(option -> option.name())
                .containsExactly("client.secret");
    }

    @Test
    void aTokenIsKeptAndTheUserIsTheObjectItNames() {
        Credentials credentials = credentials("");
        assertThat(credentials.login()).isEqualTo(login(1));
        assertThat(credentials.login()).isEqualTo(login(1));
        assertThat(entra.asked()).isEqualTo(1);
        assertThat(Duration.between(Instant.now(), credentials.renewal(login(1)).orElseThrow()))
                .isBetween(Duration.ofMinutes(55), Duration.ofMinutes(56));
        assertThat(credentials("named").login().user()).isEqualTo("named");
        assertThat(credentials).hasToString("Entra for the application client-1");
    }

    @Test
    void aNewTokenIsGotBeforeTheOldOneRunsOut() {
        entra.givesTokensFor(200);
        Credentials credentials = credentials("");
        assertThat(credentials.login()).isEqualTo(login(1));
        assertThat(credentials.renewal(login(1)).orElseThrow())
                .as("not at once, for a token that is short-lived or a clock that is wrong")
                .isAfter(Instant.now().plusSeconds(50));
        assertThat(credentials.login()).isEqualTo(login(2));
    }

    @Test
    void anAssertionIsReadAgainForEveryToken() throws IOException {
        Path file = Files.writeString(directory.resolve("assertion"), "zq7.Assertion.Px\n");
        entra.givesTokensFor(200);
        Credentials credentials = credentials("", "client.secret", "", "client.assertion.path", file.toString());
        assertThat(credentials.login()).isEqualTo(login(1));
        entra.trusts("zq7.Next.Px");
        Files.writeString(file, "zq7.Next.Px");
        assertThat(credentials.login()).isEqualTo(login(2));
        Files.delete(file);
        CredentialsException e = catchThrowableOfType(CredentialsException.class, credentials::login);
        assertThat(e).hasMessageContaining("the assertion file " + file);
        assertThat(e.isRetryable()).isTrue();
    }

    /** The stand-in checks the assertion that the certificate's key has signed, and that it comes once. */
    @Test
    void aCertificateSignsAnAssertionForEveryToken() throws IOException {
        Path file = directory.resolve("application.pem");
        ApplicationCertificate first = ApplicationCertificate.writeTo(file, "RSA");
        entra.registers(first.certificate());
        entra.givesTokensFor(200);
        Credentials credentials = credentials("", "client.secret", "", "client.certificate.path", file.toString());
        assertThat(credentials.login()).isEqualTo(login(1));
        assertThat(credentials.login()).isEqualTo(login(2));

        ApplicationCertificate next = ApplicationCertificate.writeTo(file, "RSA");
        assertThatThrownBy(credentials::login).as("not registered yet").hasMessageContaining("AADSTS700027");
        entra.registers(next.certificate());
        assertThat(credentials.login()).isEqualTo(login(3));

        String pem = Files.readString(file);
        assertThat(Files.readString(Path.of("target", "test.log")))
                .doesNotContain(pem.lines().skip(1).findFirst().orElseThrow());
    }

    @Test
    void aCertificateThatCannotSignIsToldByItsFile() throws IOException {
        Path file = directory.resolve("application.pem");
        Credentials credentials = credentials("", "client.secret", "", "client.certificate.path", file.toString());
        assertRefused(credentials, true, "the client certificate file " + file + " cannot be read");

        ApplicationCertificate.writeTo(file, "EC");
        assertRefused(credentials, false, "Entra takes RSA alone");

        ApplicationCertificate first = ApplicationCertificate.writeTo(file, "RSA");
        String whole = Files.readString(file);
        int certificate = whole.indexOf("-----BEGIN CERTIFICATE");
        Files.writeString(file, whole.substring(0, certificate));
        assertRefused(credentials, true, "holds no certificate");
        Files.writeString(file, whole.substring(certificate));
        assertRefused(credentials, true, "holds no private key");
        Files.writeString(file, whole.substring(0, whole.length() - 40));
        assertRefused(credentials, true, "is cut short");

        ApplicationCertificate.writeTo(file, "RSA");
        String other = Files.readString(file);
        Files.writeString(
                file, whole.substring(0, certificate) + other.substring(other.indexOf("-----BEGIN CERTIFICATE")));
        assertRefused(credentials, true, "is not that of its first certificate");
        assertThat(entra.asked()).isZero();

        Files.writeString(file, whole);
        entra.registers(first.certificate());
        assertThat(credentials.login()).isEqualTo(login(1));
    }

    private static void assertRefused(Credentials credentials, boolean retryable, String sentence) {
        CredentialsException e = catchThrowableOfType(CredentialsException.class, credentials::login);
        assertThat(e).hasMessageContaining(sentence).hasNoCause();
        assertThat(e.getMessage()).doesNotEndWith(".").doesNotContain("BEGIN PRIVATE KEY-", "\n");
        assertThat(e.isRetryable()).isEqualTo(retryable);
    }

    @ParameterizedTest
    @CsvSource({
        "401,invalid_client,AADSTS7000215,false,gives no token to the application client-1",
        "401,invalid_client,AADSTS700024,false,set the clock",
        "401,invalid_client,AADSTS1000502,false,renew it",
        "400,unauthorized_client,AADSTS700016,false,check tenant.id",
        "429,temporarily_unavailable,AADSTS90055,true,too many requests",
        "503,temporarily_unavailable,AADSTS90033,true,at the moment"
    })
    void whatEntraRefusesIsASentenceWithItsCodes(
            int status, String code, String aad, boolean retryable, String sentence) {
        entra.fails(status, code, aad);
        CredentialsException e = catchThrowableOfType(CredentialsException.class, credentials("")::login);
        assertThat(e).hasMessageContaining(aad).hasMessageContaining(sentence).hasNoCause();
        assertThat(e.isRetryable()).isEqualTo(retryable);
        assertThat(e.getMessage()).doesNotContain("zq7", "trace of", "\n");
    }

    @Test
    void aWrongSecretAndAnEndpointThatIsAwayAreToldApart() {
        assertThatThrownBy(() -> credentials("", "client.secret", "wrong").login())
                .hasMessageContaining("AADSTS7000215");
        Credentials away = credentials("", "authority", "https://localhost:1");
        CredentialsException e = catchThrowableOfType(CredentialsException.class, away::login);
        assertThat(e.isRetryable()).as(e.getMessage()).isTrue();
    }

    /** What the library asks the metadata service of a machine in Azure. */
    @Test
    void aManagedIdentityIsAskedForTheResource() {
        ManagedIdentity identity = new ManagedIdentity(
                "https://redis.azure.com/.default", Optional.of("identity-1"), Optional.of(this::metadata));
        assertThat(new EntraCredentials(identity, "").login()).isEqualTo(login(7));
        assertThat(identity).hasToString("the managed identity identity-1");
    }

    private IHttpResponse metadata(HttpRequest request) {
        boolean right = request.url().toString().contains("resource=https%3A%2F%2Fredis.azure.com&")
                || request.url().toString().endsWith("resource=https%3A%2F%2Fredis.azure.com");
        boolean complete = right
                && request.url().toString().contains("client_id=identity-1")
                && "true".equals(request.headerValue("Metadata"));
        String token = "{\"access_token\":\"" + StandInEntra.token(7) + "\",\"expires_on\":\""
                + Instant.now().plusSeconds(3600).getEpochSecond()
                + "\",\"resource\":\"https://redis.azure.com\",\"token_type\":\"Bearer\"}";
        return new IHttpResponse() {
            @Override
            public int statusCode() {
                return complete ? 200 : 400;
            }

            @Override
            public Map<String, List<String>> headers() {
                return Map.of("Content-Type", List.of("application/json"));
            }

            @Override
            public String body() {
                return complete ? token : "{\"error\":\"invalid_request\"}";
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "tenant.id,'',tenant.id,id of its tenant",
        "client.id,'',client.id,id of the application",
        "client.secret,'',client.secret,or with an assertion",
        "client.certificate.path,app.pem,client.secret,set one",
        "authority,http://login.example,authority,https://host"
    })
    void aWrongOptionIsNamed(String option, String value, String named, String sentence) {
        assertThatThrownBy(() -> credentials("", option, value))
                .isInstanceOfSatisfying(InvalidProviderOptionException.class, e -> {
                    assertThat(e.option()).isEqualTo(named);
                    assertThat(e).hasMessageContaining(sentence);
                });
    }

    /** A real server that knows the object id, and takes the newest token as its password, as Azure's do. */
    @Test
    void aConnectionThatStandsLogsInWithTheNextToken() {
        entra.givesTokensFor(200);
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .user("object-1", StandInEntra.token(1), "~* +@all")
                .start()) {
            Credentials credentials = credentials("");
            Credentials hasty = new Credentials() {
                @Override
                public Login login() {
                    return credentials.login();
                }

                @Override
                public Optional<Instant> renewal(Login login) {
                    return Optional.of(Instant.now());
                }
            };
            RedisEndpoint endpoint = RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port()))
                    .withCredentials(hasty);
            try (Node node = new NodeConnector(endpoint).openFirst()) {
                server.command("ACL", "SETUSER", "object-1", "resetpass", ">" + StandInEntra.token(2));
                node.keepLoggedIn();
                assertThat(node.text("ACL", "WHOAMI")).isEqualTo("object-1");
            }
            assertThat(entra.asked()).isEqualTo(2);
        }
    }
}
