package io.millrace.source.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process whose files cannot grow, which is what a full disk is to it: writes end in their middle. */
class SpoolOnFullDiskTest {

    private static final int LIMIT_KIBIBYTES = 1_000;

    @Test
    void keepsWhatTheDiskTookAndWaitsForTheParserWithTheRest(@TempDir Path directory) throws Exception {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f " + LIMIT_KIBIBYTES + "; exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpoolOnFullDiskTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(out).isTrue();
        assertThat(out).contains("every byte came").contains("on disk " + LIMIT_KIBIBYTES * 1024L);
    }

    /** What runs in the process. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long all = 20L << 20;
        Path directory = Path.of(arguments[0]);
        Spools spools = new Spools("here", directory, 2 * Chunk.SIZE, 100L << 20, InstantSource.system());
        try (Spool spool = spools.open()) {
            Thread link = new Thread(
                    () -> {
                        try {
                            Bytes bytes = new Bytes(0, all, 70_000, 1);
                            while (spool.take(bytes)) {
                                continue;
                            }
                            spool.endPart();
                        } catch (IOException e) {
                            spool.end(e);
                        }
                    },
                    "link");
            link.start();
            while (!spools.isFull()) {
                Thread.onSpinWait();
            }
            System.out.println("on disk " + spools.bytesOnDisk() + ", trouble: " + spools.diskTrouble());
            byte[] read = new byte[50_000];
            Random random = new Random(1);
            long at = 0;
            for (int count = 0; count >= 0; count = spool.read(read, 0, 1 + random.nextInt(read.length))) {
                for (int i = 0; i < count; i++) {
                    if (read[i] != Bytes.at(at + i)) {
                        throw new IllegalStateException("byte " + (at + i) + " is another");
                    }
                }
                at += count;
            }
            link.join();
            System.out.println(at == all ? "every byte came" : "only " + at + " bytes came");
        }
    }
}
