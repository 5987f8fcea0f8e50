package io.millrace.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "redis.example.com:7000,redis.example.com,7000",
        "10.0.0.5,10.0.0.5,6379",
        "[::1]:7000,::1,7000",
        "[fe80::1],fe80::1,6379",
        "' host:1 ',host,1",
        "host:65535,host,65535"
    })
    void reads(String text, String host, int port) {
        assertThat(Address.parse(text)).isEqualTo(new Address(host, port));
    }

    @Property
    void readsWhatItWrites(
            @ForAll @AlphaChars @StringLength(min = 1, max = 20) String host,
            @ForAll @IntRange(min = 1, max = 65535) int port) {
        Address address = new Address(host, port);
        assertThat(Address.parse(address.toString())).isEqualTo(address);
        Address ipv6 = new Address("fe80::1", port);
        assertThat(Address.parse(ipv6.toString())).isEqualTo(ipv6);
    }

    @ParameterizedTest
    @CsvSource({
        "'',is empty",
        ":6379,host is empty",
        "host:,not a number",
        "host:redis,not a number",
        "host:0,out of range",
        "host:65536,out of range",
        "host:99999999999,out of range",
        "::1,more than one colon",
        "[::1,no closing bracket",
        "[::1]6379,goes on after",
        "host/0,character '/'",
        "user@host,character '@'",
        "a b,character 0x20"
    })
    void refuses(String text, String reason) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(InvalidEndpointException.class)
                .hasMessageContaining(reason)
                .hasMessageEndingWith(".");
    }
}
