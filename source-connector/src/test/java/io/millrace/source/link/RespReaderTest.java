package io.millrace.source.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RespReaderTest {

    /** As by default, whatever the heap of the test. */
    private static final RespLimits ANY_SIZE =
            new RespLimits(RespLimits.DEFAULT.maxBulk(), RespLimits.DEFAULT.maxArguments(), Long.MAX_VALUE);

    @Property(tries = 300)
    void readsWhatWasWrittenHoweverItArrives(
            @ForAll @Size(min = 1, max = 20) List<@Size(min = 1, max = 6) List<byte[]>> commands,
            @ForAll @IntRange(min = 1, max = 50) int chunk)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Long> ends = new ArrayList<>();
        for (List<byte[]> command : commands) {
            out.writeBytes("\n".repeat(command.size() % 3).getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(RespWriter.command(command.toArray(new byte[0][])));
            ends.add(1000L + out.size());
        }
        RespReader reader = new RespReader(new Trickle(out.toByteArray(), chunk), 1000, RespLimits.DEFAULT);
        for (int i = 0; i < commands.size(); i++) {
            byte[][] argv = reader.next();
            assertThat(argv).isDeepEqualTo(commands.get(i).toArray(new byte[0][]));
            assertThat(reader.lastOffset()).isEqualTo(ends.get(i));
            assertThat(reader.lastOffset() - reader.firstOffset() + 1).isEqualTo(RespWriter.command(argv).length);
        }
        assertThat(reader.next()).isNull();
    }

    @Test
    void readsArgumentsLargerThanItsBuffer() throws IOException {
        byte[] large = new byte[5_000_001];
        new Random(1).nextBytes(large);
        byte[][] command = {large, {}, Arrays.copyOf(large, WireBuffer.DEFAULT_SIZE), {1}};
        for (int chunk : new int[] {100, 65_536, Integer.MAX_VALUE}) {
            RespReader reader = new RespReader(new Trickle(RespWriter.command(command), chunk), 0, RespLimits.DEFAULT);
            assertThat(reader.next()).isDeepEqualTo(command);
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void manyArguments() throws IOException {
        byte[][] command = new byte[5000][];
        Arrays.setAll(command, i -> Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
        assertThat(read(RespWriter.command(command))).isDeepEqualTo(command);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x|11",
                "$1|11",
                "*x|12",
                "*-1|12",
                "*01|13",
                "*0~|11",
                "*1~x|15",
                "*1~$-1~|16",
                "*1~$+1~|16",
                "*1~$2~abc~|21",
                "*1~$2~a~~|21",
                "*1~$1~a~~*1~|22",
                "*1~$999999999999~|16",
                "*99999999999~|12",
                "*1~$1%|17",
                "%%z|13",
                "*1^x|14",
                "*2~$1~a~*1~|22"
            })
    void whatAMasterDoesNotSendIsMalformedAtItsOffset(String bytes, long offset) {
        byte[] wire =
                bytes.replace("~", "\r\n").replace('%', '\n').replace('^', '\r').getBytes(StandardCharsets.US_ASCII);
        for (int chunk : new int[] {1, 1000}) {
            assertThatThrownBy(() -> {
                        RespReader reader = new RespReader(new Trickle(wire, chunk), 10, RespLimits.DEFAULT);
                        while (reader.next() != null) {
                            assertThat(reader.lastOffset()).isPositive();
                        }
                    })
                    .isInstanceOfSatisfying(
                            LinkException.Malformed.class,
                            e -> assertThat(e.offset()).isEqualTo(offset))
                    .hasMessageContaining("offset " + offset);
        }
    }

    @Test
    void theLimitsHold() {
        RespLimits limits = new RespLimits(5, 2, 1_000);
        assertThatThrownBy(() -> new RespReader(stream("*3\r\n"), 0, limits).next())
                .isInstanceOf(LinkException.Malformed.class)
                .hasMessageContaining("above the limit of 2");
        assertThatThrownBy(() -> new RespReader(stream("*1\r\n$6\r\n"), 0, limits).next())
                .isInstanceOf(LinkException.Malformed.class)
                .hasMessageContaining("above the limit of 5");
    }

    @Test
    void aCommandTooLargeForMemoryIsNamed() throws IOException {
        RespLimits limits = new RespLimits(1 << 20, 100_000, 3 << 20);
        String megabyte = "$1048576\r\n" + "x".repeat(1 << 20) + "\r\n";
        RespReader reader = new RespReader(
                stream("*3\r\n$3\r\nset\r\n$1\r\na\r\n" + megabyte + "*5\r\n$5\r\nrpush\r\n$4\r\nb\"\r\n\r\n" + megabyte
                        + megabyte + megabyte),
                0,
                limits);
        assertThat(reader.next()).hasNumberOfRows(3);
        assertThatThrownBy(reader::next)
                .isInstanceOfSatisfying(
                        LinkException.TooLarge.class,
                        e -> assertThat(e.retriable()).isFalse())
                .hasMessageContaining("The command RPUSH of key \"b\\x22\\x0d\\x0a\" at replication offset")
                .hasMessageContaining("has 3 MB or more")
                .hasMessageContaining("takes 3 MB in one command")
                .hasMessageContaining("25 MB or more (-Xmx)");
    }

    @ParameterizedTest
    @CsvSource({"256,32", "512,64", "1024,234", "2048,576"})
    void aCommandMayTakeSoMuchOfAHeap(long heapMegabytes, long megabytes) {
        assertThat(CommandLimit.ofHeap(heapMegabytes << 20) >> 20).isEqualTo(megabytes);
    }

    @Test
    void smallArgumentsCountWithWhatHoldsThem() {
        RespLimits limits = new RespLimits(1 << 20, 100_000, 1_000);
        assertThatThrownBy(() -> new RespReader(stream("*100\r\n" + "$1\r\nx\r\n".repeat(100)), 0, limits).next())
                .isInstanceOf(LinkException.TooLarge.class);
    }

    @Test
    void anAnnouncedLengthAllocatesNothing() {
        // 512 MB and 16 M arguments are announced; the test's heap is far smaller than a hundred of either.
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> new RespReader(stream("*16777216\r\n$536870912\r\nabc"), 0, ANY_SIZE).next())
                    .isInstanceOf(LinkException.Lost.class)
                    .hasMessageContaining("inside the command that begins at 1");
        }
    }

    /** Every cut is noticed; every flip or insertion gives other commands or an error with an offset, never a hang. */
    @Property(tries = 3000)
    void damageIsAnErrorOrAnotherCommand(@ForAll Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            byte[][] command = new byte[1 + random.nextInt(4)][];
            for (int k = 0; k < command.length; k++) {
                command[k] = new byte[random.nextInt(20)];
                random.nextBytes(command[k]);
            }
            out.writeBytes(RespWriter.command(command));
        }
        assertEveryByteIsAccountedFor(damage(out.toByteArray(), random), random);
    }

    /** Reads bytes that may be damaged: commands that stand there, then the end, or an error with the offset. */
    static void assertEveryByteIsAccountedFor(byte[] bad, Random random) throws IOException {
        RespReader reader = new RespReader(new Trickle(bad, 1 + random.nextInt(64)), 0, ANY_SIZE);
        long before = 0;
        try {
            byte[][] argv;
            while ((argv = reader.next()) != null) {
                // Accounts for every byte: what is delivered is exactly what stands there.
                byte[] written = RespWriter.command(argv);
                assertThat(Arrays.copyOfRange(bad, (int) reader.firstOffset() - 1, (int) reader.lastOffset()))
                        .isEqualTo(written);
                for (long i = before; i < reader.firstOffset() - 1; i++) {
                    assertThat(bad[(int) i]).isEqualTo((byte) '\n');
                }
                before = reader.lastOffset();
            }
            for (int i = (int) before; i < bad.length; i++) {
                assertThat(bad[i]).isEqualTo((byte) '\n');
            }
        } catch (LinkException.Malformed e) {
            assertThat(e.offset()).isBetween(before + 1, (long) bad.length);
        } catch (LinkException.Lost e) {
            assertThat(e).hasMessageContaining("ended at replication offset " + bad.length);
        }
    }

    static byte[] damage(byte[] good, Random random) {
        int at = random.nextInt(good.length);
        switch (random.nextInt(4)) {
            case 0:
                return Arrays.copyOf(good, at);
            case 1: {
                byte[] flipped = good.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                return flipped;
            }
            case 2: {
                byte[] removed = new byte[good.length - 1];
                System.arraycopy(good, 0, removed, 0, at);
                System.arraycopy(good, at + 1, removed, at, good.length - at - 1);
                return removed;
            }
            default: {
                byte[] inserted = new byte[good.length + 1];
                System.arraycopy(good, 0, inserted, 0, at);
                inserted[at] = (byte) random.nextInt();
                System.arraycopy(good, at, inserted, at + 1, good.length - at);
                return inserted;
            }
        }
    }

    private static byte[][] read(byte[] bytes) throws IOException {
        return new RespReader(new ByteArrayInputStream(bytes), 0, RespLimits.DEFAULT).next();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Gives at most some bytes a read, as a network does. */
    static final class Trickle extends InputStream {
        private final ByteArrayInputStream in;
        private final int chunk;

        Trickle(byte[] bytes, int chunk) {
            this.in = new ByteArrayInputStream(bytes);
            this.chunk = chunk;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return in.read(target, offset, Math.min(length, chunk));
        }
    }
}
