package io.millrace.recopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Expiry;
import io.millrace.slot.HashSlot;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCopyTest {

    private static byte[] text(byte[] key, byte[] payload, long expireAt) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("1:" + key.length + ":" + expireAt + ":").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(key);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    @Property(tries = 300)
    void readsWhatTheScriptWrites(
            @ForAll byte[] key,
            @ForAll @Size(min = 1) byte[] payload,
            @ForAll @LongRange(min = -1, max = 4_102_444_800_000L) long expireAt) {
        KeyCopy copy = KeyCopy.parse(text(key, payload, expireAt));
        assertThat(copy.key()).isEqualTo(key);
        assertThat(copy.payload()).isEqualTo(payload);
        assertThat(copy.expireAt()).isEqualTo(expireAt);
    }

    @Test
    void aKeyThatIsGoneHasNoPayload() {
        KeyCopy copy = KeyCopy.parse("1:3:-1:a:b".getBytes(StandardCharsets.US_ASCII));
        assertThat(copy.key()).isEqualTo("a:b".getBytes(StandardCharsets.US_ASCII));
        assertThat(copy.payload()).isNull();
        assertThat(copy.expireAt()).isEqualTo(Expiry.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "x,            does not begin",
        "2:1:-1:ab,    does not begin",
        "1:1:-1,       no end",
        "1::-1:ab,     no number at byte 2",
        "1:a:-1:ab,    no number at byte 2",
        "1:-1:-1:ab,   no number at byte 2",
        "1:1:-2:ab,    no number at byte 4",
        "1:9:-1:ab,    cut off",
        "1:2:7:ab,     no value",
        "1:1234567890123456789:-1:ab, no end"
    })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> KeyCopy.parse(text.getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /** Anybody may write anything under the name of a marker. */
    @Property(tries = 2000)
    void failsInOneWayAlone(@ForAll byte[] noise, @ForAll boolean likeOne) {
        byte[] text = likeOne ? text(noise, noise, 5) : noise;
        if (likeOne && noise.length > 0) {
            text[2 + noise.length % 6] = noise[0];
        }
        try {
            assertThat(KeyCopy.parse(text)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @Property(tries = 300)
    void theMarkerIsInTheSlotOfItsKey(@ForAll byte[] key) {
        byte[] marker = RecopyScript.markerKey(key);
        assertThat(HashSlot.of(marker)).isEqualTo(HashSlot.of(key));
        assertThat(RecopyScript.isMarker(marker)).isTrue();
        assertThat(RecopyScript.isMarker("__millrace:checkpoint:{1}".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
    }
}
