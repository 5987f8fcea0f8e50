package io.millrace.source.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long CHUNK = Chunk.SIZE;

    @TempDir
    Path directory;

    private Spools spools;
    private Spool spool;

    @AfterEach
    void close() {
        if (spool != null) {
            spool.close();
        }
    }

    private Spool open(long memoryBytes, long maxBytes) {
        spools = new Spools("here", directory, memoryBytes, maxBytes, InstantSource.system());
        spool = spools.open();
        return spool;
    }

    /** Reads all of it on a thread of its own, as the link's thread does, and ends with a sentence. */
    private static CompletableFuture<Void> fill(Spool spool, Bytes... parts) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        for (int i = 0; i < parts.length; i++) {
                            while (spool.take(parts[i])) {
                                continue;
                            }
                            if (i < parts.length - 1) {
                                spool.endPart();
                            }
                        }
                        spool.end(new IOException("that was all"));
                        done.complete(null);
                    } catch (IOException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                },
                "link");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    /** Reads so many bytes and compares each. */
    private static long expect(Spool spool, long from, long to, int largest, Random random) throws IOException {
        byte[] target = new byte[largest + 3];
        long at = from;
        while (at < to) {
            int offset = random.nextInt(3);
            int count = spool.read(target, offset, (int) Math.min(to - at, 1 + random.nextInt(largest)));
            assertThat(count).isPositive();
            for (int i = 0; i < count; i++) {
                if (target[offset + i] != Bytes.at(at + i)) {
                    assertThat(target[offset + i]).as("byte %d", at + i).isEqualTo(Bytes.at(at + i));
                }
            }
            at += count;
        }
        return at;
    }

    @Property(tries = 60)
    void givesEveryByteInItsPlace(
            @ForAll @IntRange(min = 1, max = 4) int chunks,
            @ForAll @LongRange(min = 0, max = 3 << 20) long maxBytes,
            @ForAll @LongRange(min = 0, max = 2 << 20) long first,
            @ForAll @LongRange(min = 0, max = 2 << 20) long second,
            @ForAll @IntRange(min = 1, max = 400_000) int largestWrite,
            @ForAll @IntRange(min = 1, max = 400_000) int largestRead,
            @ForAll long seed)
            throws Exception {
        Path own = Files.createTempDirectory("spool-test-");
        Random random = new Random(seed);
        // Tiny reads and writes of megabytes take long and show nothing more.
        int write = Math.max(largestWrite, (int) (first + second) / 5_000);
        int read = Math.max(largestRead, (int) (first + second) / 5_000);
        Spools all = new Spools("here", own, chunks * CHUNK, maxBytes, InstantSource.system());
        try (Spool tried = all.open()) {
            CompletableFuture<Void> link =
                    fill(tried, new Bytes(0, first, write, seed), new Bytes(first, first + second, write, seed + 1));
            // A parser that stands still for a while at some place, until nothing more goes in.
            long pause = first + second == 0 ? 0 : (long) (random.nextDouble() * (first + second));
            if (pause <= first) {
                expect(tried, 0, pause, read, random);
                settle(tried, link);
                expect(tried, pause, first, read, random);
            } else {
                expect(tried, 0, first, read, random);
            }
            assertThat(tried.read(new byte[10], 0, 10))
                    .as("the end of the first part")
                    .isEqualTo(-1);
            tried.nextPart();
            if (pause > first) {
                expect(tried, first, pause, read, random);
                settle(tried, link);
                expect(tried, pause, first + second, read, random);
            } else {
                expect(tried, first, first + second, read, random);
            }
            assertThatThrownBy(() -> tried.read(new byte[10], 0, 10)).hasMessage("that was all");
            assertThat(tried.held()).isZero();
            assertThat(tried.heldOnDisk()).isZero();
            assertThat(tried.available()).isZero();
            link.get();
        } finally {
            assertThat(list(own)).as("files that are left").isEmpty();
            Files.delete(own);
        }
    }

    /** Waits until the link has given all or stands still. */
    private void settle(Spool tried, CompletableFuture<Void> link) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> link.isDone() || last.getAndSet(tried.held()) == tried.held());
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void keepsToItsBoundsAndGoesOnWhenThereIsRoom() throws Exception {
        long memory = 2 * CHUNK;
        long max = 16 * CHUNK;
        long all = 100 * CHUNK;
        open(memory, max);
        CompletableFuture<Void> link = fill(spool, new Bytes(0, all, 200_000, 1));
        await().atMost(PATIENCE).until(spools::isFull);
        assertThat(spools.timesFull()).isEqualTo(1);
        assertThat(spools.bytesInMemory()).isEqualTo(memory);
        assertThat(spools.bytesOnDisk()).isEqualTo(max);
        assertThat(spool.available()).isEqualTo((int) (memory + max));
        assertThat(link.isDone()).isFalse();
        assertThat(list(directory)).as("its files have no names").isEmpty();

        Random random = new Random(1);
        expect(spool, 0, memory + max / 2 + CHUNK, 100_000, random);
        expect(spool, memory + max / 2 + CHUNK, all, 1_000_000, random);
        link.get();
        assertThatThrownBy(() -> spool.read()).hasMessage("that was all");
        assertThat(spools.isFull()).isFalse();
        assertThat(spools.diskTrouble()).isEmpty();
    }

    @Test
    void waitsWithMemoryAloneWhereThereAreNoFiles() throws Exception {
        open(CHUNK, 0);
        CompletableFuture<Void> link = fill(spool, new Bytes(0, 10 * CHUNK, 50_000, 1));
        await().atMost(PATIENCE).until(spools::isFull);
        assertThat(spools.bytesInMemory()).isEqualTo(CHUNK);
        assertThat(spools.bytesOnDisk()).isZero();
        expect(spool, 0, 10 * CHUNK, 30_000, new Random(1));
        link.get();
        assertThat(spools.diskTrouble()).isEmpty();
    }

    @Test
    void losesNothingWhenItsDirectoryIsDeleted() throws Exception {
        long max = 64 * CHUNK;
        long all = 200 * CHUNK;
        open(CHUNK, max);
        Bytes bytes = new Bytes(0, all, 200_000, 1);
        while (spool.heldOnDisk() < CHUNK) {
            assertThat(spool.take(bytes)).isTrue();
        }
        Files.delete(directory);
        CompletableFuture<Void> link = fill(spool, bytes);
        await().atMost(PATIENCE).until(spools::isFull);
        assertThat(spools.diskTrouble()).contains(directory.toString());
        assertThat(spools.bytesOnDisk()).isLessThan(max);
        expect(spool, 0, all, 100_000, new Random(1));
        link.get();
        Files.createDirectory(directory);
    }

    @Test
    void writesToTheDirectoryAgainWhenItIsBack() throws Exception {
        AtomicLong nanos = new AtomicLong();
        List<String> told = new java.util.ArrayList<>();
        Path missing = directory.resolve("later");
        try (SpoolFiles files = new SpoolFiles(missing, 1000, told::add, nanos::get)) {
            assertThat(files.append(new byte[10], 0, 10)).isZero();
            assertThat(told).singleElement().asString().contains(missing.toString());
            assertThat(files.hasRoom()).as("left alone for a while").isFalse();
            assertThat(files.waitNanos()).isPositive();
            nanos.addAndGet(files.waitNanos());
            assertThat(files.hasRoom()).isTrue();
            assertThat(files.append(new byte[10], 0, 10)).isZero();
            assertThat(told).as("told once").hasSize(1);
            nanos.addAndGet(files.waitNanos());
            Files.createDirectory(missing);
            assertThat(files.append(new byte[10], 0, 10)).isEqualTo(10);
            assertThat(told).hasSize(2).last().isEqualTo("");
            assertThat(files.pending()).isEqualTo(10);
        }
        Files.delete(missing);
    }

    @Test
    void saysWhichFileCannotBeRead() throws Exception {
        open(CHUNK, 64 * CHUNK);
        Bytes bytes = new Bytes(0, 100 * CHUNK, 200_000, 1);
        while (spool.heldOnDisk() < CHUNK) {
            assertThat(spool.take(bytes)).isTrue();
        }
        Path descriptors = Path.of("/proc/self/fd");
        assumeThat(descriptors).as("a way to reach a file without a name").isDirectory();
        truncate(descriptors);
        expect(spool, 0, CHUNK, 10_000, new Random(1));
        assertThatThrownBy(() -> spool.read())
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("asked of the source again");
    }

    private void truncate(Path descriptors) throws IOException {
        int found = 0;
        for (Path descriptor : list(descriptors)) {
            if (Files.isSymbolicLink(descriptor)
                    && Files.readSymbolicLink(descriptor).toString().startsWith(directory.toString())) {
                try (RandomAccessFile file = new RandomAccessFile(descriptor.toString(), "rw")) {
                    file.setLength(0);
                    found++;
                }
            }
        }
        assertThat(found).isPositive();
    }

    @Test
    void endsBothSidesWhenItIsClosed() throws Exception {
        open(CHUNK, CHUNK);
        CompletableFuture<Void> link = fill(spool, new Bytes(0, 10 * CHUNK, 50_000, 1));
        await().atMost(PATIENCE).until(spools::isFull);
        spool.close();
        assertThatThrownBy(link::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedIOException.class);
        assertThatThrownBy(() -> expect(spool, 0, 3 * CHUNK, 1000, new Random(1)))
                .isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void throwsWhatTheLinkDidNotExpect() throws Exception {
        open(CHUNK, 0);
        spool.take(new Bytes(0, 5, 5, 1));
        spool.end(new IllegalArgumentException("a defect"));
        expect(spool, 0, spool.held(), 1, new Random(1));
        assertThatThrownBy(() -> spool.read())
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsWhenTheBytesArrived() throws Exception {
        AtomicLong now = new AtomicLong(1_000_000);
        InstantSource clock = () -> Instant.ofEpochMilli(now.get());
        try (Spool timed = new Spools("here", directory, CHUNK, 4 * CHUNK, clock).open()) {
            assertThat(timed.arrivedAt()).isEqualTo(1_000_000);
            now.set(1_000_500);
            timed.take(new Bytes(0, 1, 1, 1));
            assertThat(timed.read()).isNotNegative();
            assertThat(timed.arrivedAt()).as("a parser that keeps up").isEqualTo(1_000_500);
            long at = 1;
            for (int second = 0; second < 3; second++) {
                now.set(2_000_000 + second * 1_000);
                Bytes bytes = new Bytes(at, at + CHUNK, 60_000, second);
                while (timed.take(bytes)) {
                    continue;
                }
                at += CHUNK;
            }
            now.set(9_000_000);
            assertThat(timed.heldOnDisk()).isPositive();
            for (long from = 1; from < at; from += CHUNK) {
                expect(timed, from, from + 1, 1, new Random(1));
                assertThat(timed.arrivedAt()).isEqualTo(2_000_000 + (from - 1) / CHUNK * 1_000);
                expect(timed, from + 1, from + CHUNK, 60_000, new Random(1));
            }
        }
    }
}
