package io.millrace.source.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotInputTest {

    /** Both framings, any chunks, content that nearly is the mark, and commands right behind. */
    @Property(tries = 500)
    void givesExactlyTheRdbAndLeavesTheCommands(@ForAll Random random) throws IOException {
        byte[] mark = new byte[40];
        for (int i = 0; i < 40; i++) {
            mark[i] = (byte) "0123456789abcdef".charAt(random.nextInt(random.nextBoolean() ? 16 : 1));
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (content.size() < random.nextInt(3000)) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            content.writeBytes(noise);
            content.write(mark, 0, random.nextInt(40));
            content.write('z');
        }
        byte[] rdb = content.toByteArray();
        boolean diskless = random.nextBoolean();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes("\n".repeat(random.nextInt(4)).getBytes(StandardCharsets.US_ASCII));
        if (diskless) {
            wire.writeBytes("$EOF:".getBytes(StandardCharsets.US_ASCII));
            wire.writeBytes(mark);
            wire.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            wire.writeBytes(rdb);
            wire.writeBytes(mark);
        } else {
            wire.writeBytes(("$" + rdb.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            wire.writeBytes(rdb);
        }
        wire.writeBytes("*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
        WireBuffer buffer = new WireBuffer(
                new RespReaderTest.Trickle(wire.toByteArray(), 1 + random.nextInt(200)), 64 + random.nextInt(500));
        SnapshotInput input = SnapshotInput.open(buffer);
        assertThat(input.announced()).isEqualTo(diskless ? -1 : rdb.length);
        byte[] read = input.readNBytes(random.nextInt(50));
        byte[] rest = input.readAllBytes();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(read);
        all.writeBytes(rest);
        assertThat(all.toByteArray()).isEqualTo(rdb);
        assertThat(input.ended()).isTrue();
        byte[][] ping = new RespReader(buffer, 0, RespLimits.DEFAULT, null).next();
        assertThat(ping[0]).asString(StandardCharsets.US_ASCII).isEqualTo("PING");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$EOF:0123\r\n",
                "$x\r\n",
                "$\r\n",
                "$-1\r\n",
                "$99999999999999999999\r\n",
                "+OK\r\n",
                "REDIS0011"
            })
    void aHeaderThatIsNoneIsMalformed(String header) {
        assertThatThrownBy(() -> open(header)).isInstanceOf(LinkException.Malformed.class);
    }

    @Test
    void anErrorInItsPlaceIsReported() {
        assertThatThrownBy(() -> open("\n\n-ERR child failed\r\n"))
                .isInstanceOf(LinkException.NotReady.class)
                .hasMessageContaining("child failed");
    }

    @Test
    void aCutIsNoticed() {
        String mark = "f".repeat(40);
        for (String wire : new String[] {
            "$5\r\nabcd",
            "$EOF:" + mark + "\r\n",
            "$EOF:" + mark + "\r\n" + "data".repeat(50) + mark.substring(1),
            "$1",
            ""
        }) {
            assertThatThrownBy(() -> open(wire).readAllBytes()).isInstanceOf(LinkException.Lost.class);
        }
    }

    private static SnapshotInput open(String wire) throws IOException {
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        return SnapshotInput.open(new WireBuffer(
                new RespReaderTest.Trickle(Arrays.copyOf(bytes, bytes.length), 7), WireBuffer.DEFAULT_SIZE));
    }
}
