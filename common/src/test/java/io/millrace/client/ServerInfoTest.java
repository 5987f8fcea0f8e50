package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ServerInfoTest {

    @ParameterizedTest
    @EnumSource(io.millrace.redis.local.ServerVersion.class)
    void readsWhatEveryVersionSays(io.millrace.redis.local.ServerVersion version) {
        assumeTrue(version.available().isPresent(), version.unavailableMessage());
        try (LocalServer server = LocalServer.start(version);
                Node node = new NodeConnector(RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port())))
                        .openFirst()) {
            ServerInfo info = ServerInfo.of(node);
            assertThat(info.version().toString()).startsWithIgnoringCase(version.toString() + ".");
            assertThat(info.version().valkey()).isEqualTo(version.isValkey());
            assertThat(info.runId()).hasSize(40);
            assertThat(info.isMaster()).isTrue();
            assertThat(info.clusterEnabled()).isFalse();
            assertThat(info.maxmemoryPolicy()).isEqualTo("noeviction");
            assertThat(info.number("connected_slaves", -1)).isZero();
            assertThat(info.version().rdbVersion())
                    .as("the version at the end of a DUMP payload")
                    .isEqualTo(dumpVersion(node));
        }
    }

    /** A payload ends with two bytes of RDB version and eight of CRC64 (cluster.c, createDumpPayload). */
    private static int dumpVersion(Node node) {
        node.call("SET", "k", "v");
        byte[] payload = (byte[]) node.call("DUMP", "k");
        return (payload[payload.length - 10] & 0xff) | (payload[payload.length - 9] & 0xff) << 8;
    }

    @Test
    void missingFieldsAreEmpty() {
        ServerInfo info = ServerInfo.parse("# Server\r\nredis_version:4.0.14\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(info.version()).isEqualTo(new ServerVersion(false, 4, 0, 14));
        assertThat(info.role()).isEmpty();
        assertThat(info.number("uptime", 7)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"8.6.3,8,6,3", "7.0,7,0,0", "9.1.0-rc1,9,1,0", "255.255.255,255,255,255", "x,0,0,0"})
    void versions(String text, int major, int minor, int patch) {
        assertThat(ServerVersion.parse(false, text)).isEqualTo(new ServerVersion(false, major, minor, patch));
    }

    @Test
    void versionsAreOrdered() {
        assertThat(ServerVersion.parse(false, "7.0.15")).isLessThan(ServerVersion.parse(false, "7.2.0"));
        assertThat(ServerVersion.parse(false, "6.2.7")).isLessThan(ServerVersion.parse(false, "6.2.11"));
        assertThat(ServerVersion.parse(false, "7.0.0").isAtLeast(6, 2)).isTrue();
        assertThat(ServerVersion.parse(false, "6.0.16").isAtLeast(6, 2)).isFalse();
    }
}
