package io.millrace.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUriTest {

    @Test
    void readsEveryPart() {
        RedisUri uri = RedisUri.parse("rediss://app:p%40ss%3aw%25rd@a.example:7000,b.example,[::1]:7001/3");
        assertThat(uri)
                .isEqualTo(new RedisUri(
                        true,
                        Login.of("app", Secret.of("p@ss:w%rd")),
                        List.of(
                                new Address("a.example", 7000),
                                new Address("b.example", 6379),
                                new Address("::1", 7001)),
                        OptionalInt.of(3),
                        null));
    }

    @Test
    void sentinels() {
        RedisUri uri = RedisUri.parse("rediss+sentinel://app:p%2Fw@a.example,[::1],b.example:7000/my%2dmaster");
        assertThat(uri)
                .isEqualTo(new RedisUri(
                        true,
                        Login.of("app", Secret.of("p/w")),
                        List.of(
                                new Address("a.example", 26_379),
                                new Address("::1", 26_379),
                                new Address("b.example", 7000)),
                        OptionalInt.empty(),
                        "my-master"));
        RedisEndpoint endpoint = uri.endpoint(Topology.STANDALONE);
        assertThat(endpoint.topology()).isEqualTo(Topology.SENTINEL);
        assertThat(endpoint.sentinel().master()).isEqualTo("my-master");
        assertThat(endpoint.tls().enabled()).isTrue();
        assertThat(endpoint)
                .hasToString("rediss://app:****@a.example:26379,[::1]:26379,b.example:7000 (sentinels of my-master)");
        assertThat(uri.shown()).isEqualTo("rediss+sentinel://a.example:26379,[::1]:26379,b.example:7000/my-master");
        for (String none : List.of("redis+sentinel://a", "redis+sentinel://a/", "redis+sentinel://a/b/1")) {
            assertThatThrownBy(() -> RedisUri.parse(none))
                    .isInstanceOf(InvalidEndpointException.class)
                    .hasMessageContaining("the name of the master is missing");
        }
    }

    @Test
    void unixSockets() {
        RedisUri uri = RedisUri.parse("unix:///run/re@dis/redis.sock");
        assertThat(uri.login().isNone()).isTrue();
        assertThat(uri.addresses()).containsExactly(new Address("/run/re@dis/redis.sock", 0));
        assertThat(uri.shown()).isEqualTo("unix:///run/re@dis/redis.sock");
        assertThat(uri.endpoint(Topology.CLUSTER).topology())
                .as("a socket is one server")
                .isEqualTo(Topology.STANDALONE);
        assertThat(RedisUri.parse("unix://u:p@/redis.sock").login()).isEqualTo(Login.of("u", Secret.of("p")));
        assertThatThrownBy(() -> RedisUri.parse("unix://run/redis.sock"))
                .isInstanceOf(InvalidEndpointException.class)
                .hasMessageContaining("by its absolute path");
    }

    @Test
    void theShortestOne() {
        RedisUri uri = RedisUri.parse("redis://localhost");
        assertThat(uri.tls()).isFalse();
        assertThat(uri.login().isNone()).isTrue();
        assertThat(uri.database()).isEmpty();
        assertThat(uri.endpoint(Topology.STANDALONE).firstAddress()).isEqualTo(new Address("localhost", 6379));
    }

    @ParameterizedTest
    @CsvSource({
        "redis://:secret@h,,secret",
        "redis://u:@h,u,''",
        "redis://u:a@b@h,u,a@b",
        "redis://u:a/b#c?d@h,u,a/b#c?d",
        "REDIS://u:p:q@h/,u,p:q"
    })
    void logins(String text, String user, String password) {
        assertThat(RedisUri.parse(text).login()).isEqualTo(Login.of(user, Secret.of(password)));
    }

    @Property
    void anyPasswordPassesPercentEncoded(@ForAll String password) {
        String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
        RedisUri uri = RedisUri.parse("redis://u:" + encoded + "@h:1");
        assertThat(uri.login().secret()).isEqualTo(Secret.of(password));
    }

    @ParameterizedTest
    @CsvSource({
        "redis:/typo,no '//'",
        "redis:typo,no '//'",
        "localhost:6379,no scheme",
        "localhost,no scheme",
        "'',no scheme",
        "http://h:1,'http' is unknown",
        "redis+tls://h,'redis+tls' is unknown",
        "redis://,host is missing",
        "redis://h:70000,out of range",
        "redis://h:x,not a number",
        "redis://h/db1,not a database number",
        "redis://h/0/1,not a database number",
        "redis://h?timeout=5,parameter 'timeout' is unknown",
        "redis://u@h,no ':' before the '@'",
        "redis://u:%zz@h,two hex digits",
        "redis://u:%4,not a number",
        "'redis://a,,b',is empty"
    })
    void refusesWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> RedisUri.parse(text))
                .isInstanceOf(InvalidEndpointException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://app:hunter2",
                "redis://app:hunter2@h:x",
                "redis://app:hunter2@h?x=1",
                "redis://app:hunter2@h/x",
                "redis://hunter2@h",
                "redis://app:hunter2%zz@h",
                "redis:/app:hunter2@h",
                "app:hunter2@h",
                "foo://app:hunter2@h"
            })
    void neverRepeatsAPassword(String text) {
        assertThatThrownBy(() -> RedisUri.parse(text))
                .isInstanceOf(InvalidEndpointException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void nothingShowsTheSecret() {
        RedisUri uri = RedisUri.parse("redis://app:hunter2@h");
        assertThat(uri.toString()).doesNotContain("hunter2");
        assertThat(uri.endpoint(Topology.STANDALONE).toString()).isEqualTo("redis://app:****@h:6379 (standalone)");
        assertThat(uri.login().toString()).isEqualTo("app:****");
    }
}
