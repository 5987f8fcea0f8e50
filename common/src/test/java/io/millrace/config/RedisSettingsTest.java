package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.TlsSettings;
import io.millrace.endpoint.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisSettingsTest {

    @TempDir
    private Path directory;

    static ConfigDef def() {
        return RedisSettings.addTo(new ConfigDef(), Topology.STANDALONE, Topology.CLUSTER);
    }

    private static RedisEndpoint endpoint(Map<String, String> properties) {
        return RedisSettings.endpoint(new AbstractConfig(def(), properties, false));
    }

    @Test
    void defaults() {
        assertThat(endpoint(Map.of("redis.hosts", "10.0.0.5")))
                .isEqualTo(RedisEndpoint.standalone(new Address("10.0.0.5", 6379)));
    }

    @Test
    void everyKeyArrivesInTheEndpoint() {
        Map<String, String> properties = new HashMap<>();
        properties.put("redis.hosts", "a:1, [::1]:2");
        properties.put("redis.topology", "cluster");
        properties.put("redis.user", "app");
        properties.put("redis.password", "hunter2");
        properties.put("redis.tls", "true");
        properties.put("redis.tls.ca.file", "/ca.pem");
        properties.put("redis.tls.certificate.file", "/cert.pem");
        properties.put("redis.tls.key.file", "/key.pem");
        properties.put("redis.tls.verify.hostname", "false");
        properties.put("redis.connect.timeout.ms", "1");
        properties.put("redis.read.timeout.ms", "2");
        assertThat(RedisSettings.KEYS)
                .filteredOn(key -> !key.startsWith("redis.credentials.") && !key.startsWith("redis.sentinel."))
                .containsExactlyInAnyOrderElementsOf(properties.keySet());
        assertThat(def().names()).containsExactlyInAnyOrderElementsOf(RedisSettings.KEYS);
        assertThat(endpoint(properties))
                .isEqualTo(new RedisEndpoint(
                        Topology.CLUSTER,
                        List.of(new Address("a", 1), new Address("::1", 2)),
                        Login.of("app", Secret.of("hunter2")),
                        TlsSettings.on()
                                .withCa(Path.of("/ca.pem"))
                                .withClientCertificate(Path.of("/cert.pem"), Path.of("/key.pem"))
                                .withVerifyHostname(false),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2)));
    }

    @Test
    void aProviderGivesTheLogin() throws IOException {
        Path file = Files.writeString(directory.resolve("login"), "password=hunter2");
        RedisEndpoint endpoint = endpoint(Map.of(
                "redis.hosts", "a:1",
                "redis.user", "app",
                "redis.credentials.provider", "file",
                "redis.credentials.file.path", file.toString()));
        assertThat(endpoint.credentials().login()).isEqualTo(Login.of("app", Secret.of("hunter2")));
        assertThat(endpoint).hasToString("redis://a:1 (standalone, login from the credentials file " + file + ")");
    }

    /** What keeps a secret option of a provider out of Connect's log and REST answers. */
    @Test
    void aSecretOptionOfAProviderIsHidden() {
        assertThat(def().configKeys().get("redis.credentials.token.role.key").type)
                .isEqualTo(ConfigDef.Type.PASSWORD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:1,b:2|redis.topology=standalone|redis.hosts,redis.topology|name one host",
                "a:1|redis.user=u|redis.user,redis.password|logs in with a password",
                "a:1|redis.tls.ca.file=/ca|redis.tls.ca.file,redis.tls|set redis.tls=true",
                "a:1|redis.tls=true;redis.tls.key.file=/k|redis.tls.certificate.file,redis.tls.key.file|go together",
                "a:1|redis.tls=true;redis.tls.ca.file=/no/such|redis.tls.ca.file|The CA file /no/such cannot be read",
                "a:1|redis.credentials.file.path=/f|redis.credentials.file.path,redis.credentials.provider|provider=file",
                "a:1|redis.credentials.provider=file|redis.credentials.file.password.path,redis.credentials.provider"
                        + "|needs the path",
                "a:1|redis.credentials.provider=file;redis.credentials.file.path=/f;redis.password=hunter2"
                        + "|redis.password,redis.credentials.provider|from elsewhere",
                "''|redis.topology=standalone|redis.hosts|is empty",
                "unix:///s|redis.tls=true|redis.hosts,redis.tls|takes no TLS",
                "unix:///s|redis.topology=cluster|redis.hosts,redis.topology|host:port",
                "unix://s|redis.user=|redis.hosts|absolute path",
                "a:1|redis.credentials.provider=carrier|redis.credentials.provider|one of:",
                "redis://u:hunter2@h|redis.user=u|redis.hosts|takes host:port and no URI",
                "a:x|redis.user=|redis.hosts|not a number",
                "a:1|redis.topology=ring|redis.topology|one of: standalone, cluster",
                "a:1|redis.tls=maybe|redis.tls|true or false",
                "a:1|redis.read.timeout.ms=0|redis.read.timeout.ms|at least 1"
            })
    void aMistakeIsShownOnEachOfItsKeys(String hosts, String others, String keys, String sentence) {
        Map<String, String> properties = new HashMap<>();
        properties.put("redis.hosts", hosts);
        for (String other : others.split(";")) {
            properties.put(other.split("=")[0], other.endsWith("=") ? "" : other.split("=")[1]);
        }
        ConfigCheck check = new ConfigCheck(def(), properties);
        assertThat(check.redisEndpoint()).isEmpty();
        for (String key : keys.split(",")) {
            assertThat(ConfigCheckTest.errors(check, key)).anyMatch(error -> error.contains(sentence));
            assertThat(ConfigCheckTest.errors(check, key).toString()).doesNotContain("hunter2");
        }
        assertThat(check.result().configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .map(value -> value.name()))
                .containsExactlyInAnyOrder(keys.split(","));
    }

    @Test
    void contradictionsStopTheTaskToo() {
        assertThatThrownBy(() -> endpoint(Map.of("redis.hosts", "a:1,b:2")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("redis.topology");
    }
}
