package io.millrace.credentials.alibaba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.cloud.local.StandInAlibaba;
import io.millrace.config.LiveCheck;
import io.millrace.config.RedisSettings;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderSettings;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a cloud of our own that checks every signature. */
class AlibabaRamProviderTest {

    private static final String ROLE = "acs:ram::1234:role/reader";

    private StandInAlibaba cloud;

    @BeforeEach
    void start() throws IOException {
        cloud = new StandInAlibaba();
        cloud.knows("LTAIOWN", "zq7OwnSecretPx", "");
        hasAddress("private.example", 6379);
        assumable(Instant.now().plusSeconds(3600));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @AfterAll
    static void noSecretIsLogged() throws IOException {
        assertThat(Files.readString(Path.of("target", "test.log"))).doesNotContain("zq7");
    }

    private void hasAddress(String host, int port) {
        cloud.gives(
                "DescribeDBInstanceNetInfo",
                "{\"NetInfoItems\":{\"InstanceNetInfo\":["
                        + "{\"ConnectionString\":\"shard.example\",\"Port\":\"1\",\"IPType\":\"Private\",\"DirectConnection\":1},"
                        + "{\"ConnectionString\":\"public.example\",\"Port\":\"6380\",\"IPType\":\"Public\"},"
                        + "{\"ConnectionString\":\"" + host + "\",\"Port\":\"" + port
                        + "\",\"IPType\":\"Private\",\"DirectConnection\":0}]}}");
    }

    private void assumable(Instant expiration) {
        cloud.knows("STS.ROLE", "zq7RoleSecretPx", "zq7TokenPx");
        cloud.gives(
                "AssumeRole",
                "{\"Credentials\":{\"AccessKeyId\":\"STS.ROLE\",\"AccessKeySecret\":\"zq7RoleSecretPx\","
                        + "\"SecurityToken\":\"zq7TokenPx\",\"Expiration\":\""
                        + expiration.toString().substring(0, 19)
                        + "Z\"}}");
    }

    private Map<String, String> options(String... more) {
        Map<String, String> set = new HashMap<>();
        set.put("instance.id", "r-bp1test");
        set.put("region", "cn-hangzhou");
        set.put("access.key.id", "LTAIOWN");
        set.put("access.key.secret", "zq7OwnSecretPx");
        for (String endpoint : new String[] {"sts.endpoint", "redis.endpoint", "kms.endpoint"}) {
            set.put(endpoint, cloud.url());
        }
        for (int i = 0; i < more.length; i += 2) {
            set.put(more[i], more[i + 1]);
        }
        set.values().removeIf(String::isEmpty);
        return set;
    }

    private Credentials credentials(String... more) {
        Map<String, Secret> set = new HashMap<>();
        options(more).forEach((name, value) -> set.put(name, Secret.of(value)));
        return new AlibabaRamProvider().credentials(new ProviderSettings("mover", Secret.none(), set));
    }

    private static Address address(Credentials credentials) {
        return credentials.location().orElseThrow().lookUp();
    }

    @Test
    void anInstanceIsLookedUpByItsIdThroughARoleOfAnotherAccount() {
        Credentials credentials = credentials("role.arn", ROLE, "role.external.id", "x1", "password", "zq7LoginPx");
        assertThat(address(credentials)).isEqualTo(new Address("private.example", 6379));
        assertThat(credentials.login()).isEqualTo(Login.of("mover", Secret.of("zq7LoginPx")));
        assertThat(cloud.calls())
                .extracting(StandInAlibaba.Call::action, StandInAlibaba.Call::keyId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("AssumeRole", "LTAIOWN"),
                        org.assertj.core.groups.Tuple.tuple("DescribeDBInstanceNetInfo", "STS.ROLE"));
        assertThat(cloud.calls().get(0).query())
                .containsEntry("RoleArn", ROLE)
                .containsEntry("ExternalId", "x1")
                .containsEntry("RoleSessionName", "millrace");
        assertThat(cloud.calls().get(1).query()).containsEntry("InstanceId", "r-bp1test");
        assertThat(credentials).hasToString("the instance r-bp1test of Alibaba Cloud");
        assertThat(address(credentials("network", "public"))).isEqualTo(new Address("public.example", 6380));
    }

    @Test
    void aRoleIsKeptUntilShortlyBeforeItRunsOut() {
        Credentials credentials = credentials("role.arn", ROLE, "secret.name", "login");
        cloud.gives("GetSecretValue", "{\"SecretData\":\"zq7LoginPx\"}");
        credentials.login();
        credentials.login();
        assertThat(cloud.called("AssumeRole")).isEqualTo(1);
        assumable(Instant.now().plusSeconds(60));
        Credentials shortLived = credentials("role.arn", ROLE, "secret.name", "login");
        shortLived.login();
        shortLived.login();
        assertThat(cloud.called("AssumeRole")).isEqualTo(3);
    }

    @Test
    void aRoleThatHasRunOutIsAssumedAgain() {
        Credentials credentials = credentials("role.arn", ROLE, "secret.name", "login");
        cloud.fails("GetSecretValue", 400, "InvalidSecurityToken.Expired");
        CredentialsException e = catchThrowableOfType(CredentialsException.class, credentials::login);
        assertThat(e.isRetryable()).isTrue();
        cloud.gives("GetSecretValue", "{\"SecretData\":\"zq7LoginPx\"}");
        assertThat(credentials.login()).isEqualTo(Login.of("mover", Secret.of("zq7LoginPx")));
        assertThat(cloud.called("AssumeRole")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\\\"AccountName\\\":\\\"app\\\",\\\"AccountPassword\\\":\\\"zq7P\\\"}|app",
                "{\\\"username\\\":\\\"app\\\",\\\"password\\\":\\\"zq7P\\\"}|app",
                "{\\\"password\\\":\\\"zq7P\\\"}|mover",
                "zq7P|mover"
            })
    void aSecretOfKmsHoldsTheLogin(String data, String user) {
        cloud.gives("GetSecretValue", "{\"SecretName\":\"login\",\"SecretData\":\"" + data + "\"}");
        assertThat(credentials("secret.name", "login").login()).isEqualTo(Login.of(user, Secret.of("zq7P")));
    }

    @ParameterizedTest
    @CsvSource({
        "AssumeRole,403,NoPermission,false,does not give the role acs:ram::1234:role/reader",
        "AssumeRole,404,EntityNotExist.Role,false,does not give the role",
        "AssumeRole,400,InvalidTimeStamp.Expired,false,set its clock",
        "DescribeDBInstanceNetInfo,404,InvalidInstanceId.NotFound,false,the address of the instance r-bp1test",
        "DescribeDBInstanceNetInfo,403,Forbidden.RAM,false,RAM policy",
        "DescribeDBInstanceNetInfo,400,Throttling.User,true,too many requests",
        "DescribeDBInstanceNetInfo,503,ServiceUnavailable,true,at the moment",
        "DescribeDBInstanceNetInfo,400,InvalidSecurityToken.Expired,true,has run out"
    })
    void whatTheCloudRefusesIsASentenceWithItsCode(
            String action, int status, String code, boolean retryable, String sentence) {
        cloud.fails(action, status, code);
        Credentials credentials = credentials("role.arn", ROLE);
        CredentialsException e = catchThrowableOfType(CredentialsException.class, () -> address(credentials));
        assertThat(e).hasMessageContaining(code).hasMessageContaining(sentence).hasNoCause();
        assertThat(e.isRetryable()).isEqualTo(retryable);
        assertThat(e.getMessage()).doesNotContain("zq7", "\n");
    }

    @Test
    void aWrongKeyIsRefusedByItsSignature() {
        assertThatThrownBy(() -> address(credentials("access.key.secret", "wrong")))
                .hasMessageContaining("SignatureDoesNotMatch");
        assertThatThrownBy(() -> address(credentials("access.key.id", "LTAINOBODY")))
                .hasMessageContaining("InvalidAccessKeyId.NotFound");
        cloud.gives("DescribeDBInstanceNetInfo", "{\"NetInfoItems\":{\"InstanceNetInfo\":[]}}");
        assertThatThrownBy(() -> address(credentials())).hasMessageContaining("has no private address");
        assertThat(catchThrowableOfType(
                                CredentialsException.class,
                                () -> address(credentials("redis.endpoint", "http://127.0.0.1:1")))
                        .isRetryable())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "instance.id,'',instance.id,needs the id of the instance",
        "region,'',region,needs the region",
        "network,moon,network,private or public",
        "access.key.secret,'',access.key.id,go together",
        "sts.endpoint,nowhere,sts.endpoint,no URL"
    })
    void aWrongOptionIsNamed(String option, String value, String named, String sentence) {
        assertThatThrownBy(() -> credentials(option, value))
                .isInstanceOfSatisfying(InvalidProviderOptionException.class, e -> {
                    assertThat(e.option()).isEqualTo(named);
                    assertThat(e).hasMessageContaining(sentence);
                });
        assertThatThrownBy(() -> credentials("password", "p", "secret.name", "s"))
                .hasMessageContaining("exclude each other");
    }

    private RedisEndpoint endpoint(String... more) {
        Map<String, String> properties = new HashMap<>();
        options(more).forEach((name, value) -> properties.put("redis.credentials.alibaba-ram." + name, value));
        properties.put("redis.credentials.provider", "alibaba-ram");
        return RedisSettings.endpoint(
                new AbstractConfig(RedisSettings.addTo(new ConfigDef(), Topology.STANDALONE), properties, false));
    }

    /** Real servers behind the id: the address and the login are asked for at every connection. */
    @Test
    void anInstanceThatMovesAndWhoseSecretRotatesIsFoundAgain() {
        try (LocalServer first = LocalServer.of(ServerVersion.standard())
                        .user("app", "zq7First", "~* +@all")
                        .start();
                LocalServer second = LocalServer.of(ServerVersion.standard())
                        .user("app_clone", "zq7Second", "~* +@all")
                        .start()) {
            hasAddress(LocalServer.HOST, first.port());
            secret("app", "zq7First");
            RedisEndpoint endpoint = endpoint("role.arn", ROLE, "secret.name", "login");
            assertThat(endpoint)
                    .hasToString(
                            "redis://r-bp1test:6379 (standalone, login from the instance r-bp1test and a secret in KMS"
                                    + " of Alibaba Cloud)");
            assertThat(new LiveCheck(Duration.ofSeconds(30)).of(endpoint)).isEmpty();
            NodeConnector connector = new NodeConnector(endpoint);
            assertThat(whoAmI(connector)).isEqualTo("app");

            secret("app_clone", "zq7Second");
            assertThatThrownBy(() -> whoAmI(connector))
                    .isInstanceOfSatisfying(
                            RedisFailureException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION))
                    .hasMessageNotContaining("zq7");
            hasAddress(LocalServer.HOST, second.port());
            NodeConnector moved = new NodeConnector(endpoint("role.arn", ROLE, "secret.name", "login"));
            assertThat(whoAmI(moved)).isEqualTo("app_clone");
        }
    }

    @Test
    void aLiveCheckNamesTheProviderWhenTheCloudRefuses() {
        cloud.fails("DescribeDBInstanceNetInfo", 403, "Forbidden.RAM");
        assertThat(new LiveCheck(Duration.ofSeconds(30)).of(endpoint("password", "zq7LoginPx")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.keys()).containsExactly("redis.credentials.provider");
                    assertThat(finding.sentence()).contains("Forbidden.RAM").doesNotContain("zq7");
                });
    }

    private void secret(String user, String password) {
        cloud.gives(
                "GetSecretValue",
                "{\"SecretData\":\"{\\\"AccountName\\\":\\\"" + user + "\\\",\\\"AccountPassword\\\":\\\"" + password
                        + "\\\"}\"}");
    }

    private static String whoAmI(NodeConnector connector) {
        try (Node node = connector.openFirst()) {
            return node.text("ACL", "WHOAMI");
        }
    }
}
