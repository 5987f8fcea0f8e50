package io.millrace.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisEndpointTest {

    private static final Address A = new Address("a", 1);
    private static final Address B = new Address("b", 2);

    @Test
    void refusesWhatContradictsItself() {
        assertThatThrownBy(() -> new RedisEndpoint(
                        Topology.STANDALONE,
                        List.of(A, B),
                        Login.none(),
                        TlsSettings.off(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1)))
                .hasMessageContaining("standalone");
        assertThatThrownBy(() -> RedisEndpoint.cluster(List.of())).hasMessageContaining("no address");
        assertThatThrownBy(() -> RedisEndpoint.standalone(A).withTimeouts(Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("connect timeout");
        assertThatThrownBy(() -> TlsSettings.on().withClientCertificate(Path.of("c.pem"), null))
                .hasMessageContaining("the key file is missing");
    }

    @Test
    void showsItselfWithoutSecrets() {
        RedisEndpoint endpoint = RedisEndpoint.cluster(List.of(A, new Address("::1", 2)))
                .withLogin(Login.password(Secret.of("hunter2")))
                .withTls(TlsSettings.on());
        assertThat(endpoint).hasToString("rediss://:****@a:1,[::1]:2 (cluster)");
        assertThat(RedisEndpoint.standalone(A)).hasToString("redis://a:1 (standalone)");
    }

    @Test
    void secretsAreEqualByContentAndKeepTheirBytes() {
        Secret secret = Secret.of(new byte[] {1, 0, -1});
        assertThat(secret).isEqualTo(Secret.of(new byte[] {1, 0, -1})).isNotEqualTo(Secret.of("x"));
        secret.reveal()[0] = 9;
        assertThat(secret.reveal()).containsExactly(1, 0, -1);
        assertThat(Login.of("", Secret.of("p")).authCommand().orElseThrow()).hasNumberOfRows(2);
    }
}
