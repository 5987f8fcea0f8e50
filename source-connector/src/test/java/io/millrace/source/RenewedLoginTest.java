package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Location;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.source.config.SourceSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.source.SourceRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A source whose logins run out and whose address is looked up, as clouds have them. */
class RenewedLoginTest {

    /** Each login is good for three seconds of a connection, and the server has a name that is no host's. */
    private static final class Cloud implements Credentials {
        private final LocalServer server;
        private final AtomicInteger lookUps = new AtomicInteger();

        Cloud(LocalServer server) {
            this.server = server;
        }

        @Override
        public Login login() {
            return Login.of("millrace", Secret.of("token"));
        }

        @Override
        public Optional<Instant> renewal(Login login) {
            return Optional.of(Instant.now().plusSeconds(3));
        }

        @Override
        public Optional<Location> location() {
            return Optional.of(new Location() {
                @Override
                public Address name() {
                    return new Address("instance-1", 6379);
                }

                @Override
                public Address lookUp() {
                    lookUps.incrementAndGet();
                    return new Address(LocalServer.HOST, server.port());
                }
            });
        }
    }

    @Test
    void aLinkIsReplacedBeforeItsLoginRunsOutAndGoesOn() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .user("millrace", "token", "~* &* +@all")
                .start()) {
            Cloud cloud = new Cloud(server);
            SourceSettings parsed = SourceSettings.parse(
                    Map.of("name", "renewed", "redis.hosts", LocalServer.HOST + ":" + server.port(), "topic", "t"));
            SourceSettings settings = new SourceSettings(
                    parsed.connector(),
                    RedisEndpoint.standalone(cloud.location().orElseThrow().name())
                            .withCredentials(cloud),
                    parsed.capture(),
                    parsed.records(),
                    parsed.queue(),
                    parsed.spool(),
                    parsed.retry());
            try (RunningSource source = RunningSource.start(settings, null, null, Clock.systemUTC())) {
                Awaitility.await("two replaced links")
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> {
                            server.command("INCR", "written");
                            List<SourceRecord> polled = source.poll();
                            if (polled != null) {
                                polled.forEach(source::acknowledged);
                            }
                            return number(server, "sync_partial_ok") >= 2;
                        });
                assertThat(number(server, "sync_full")).isEqualTo(1);
                assertThat(source.status().getPhase()).isNotEqualTo("FAILED");
                assertThat(cloud.lookUps).hasValueGreaterThan(3);
            }
        }
    }

    private static long number(LocalServer server, String field) {
        String stats = new String((byte[]) server.command("INFO", "stats"), StandardCharsets.UTF_8);
        return stats.lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1)))
                .sum();
    }
}
