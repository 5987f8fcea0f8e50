package io.millrace.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyNotationTest {

    @Test
    void whatIsShownCanBeTyped() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] key = new byte[random.nextInt(20)];
            random.nextBytes(key);
            assertThat(KeyNotation.parse(KeyNotation.of(key))).isEqualTo(key);
        }
        assertThat(KeyNotation.of(new byte[] {'a', '\\', 10, (byte) 0xff})).isEqualTo("a\\\\\\x0a\\xff");
    }

    @Test
    void textIsItsUtf8() {
        assertThat(KeyNotation.parse("Größe 🙂")).isEqualTo("Größe 🙂".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\x", "\\x1", "\\xg0", "\\n"})
    void anotherBackslashIsNamed(String text) {
        assertThatThrownBy(() -> KeyNotation.parse(text))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--key");
    }
}
