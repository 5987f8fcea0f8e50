package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCacheTest {
    private static final URL RESOURCE = ServerCacheTest.class.getResource("ServerCache.class");

    @TempDir
    Path directory;

    @Test
    void extractsOnceAndMendsWhatIsIncomplete() throws Exception {
        ServerCache cache = new ServerCache(directory);
        Path executable = cache.extracted(RESOURCE, "some", "program");
        assertThat(executable).isExecutable().isEqualTo(directory.resolve("servers/some/bin/program"));
        long size = Files.size(executable);
        var first = Files.getAttribute(executable, "unix:ino");
        cache.extracted(RESOURCE, "some", "program");
        assertThat(Files.getAttribute(executable, "unix:ino")).isEqualTo(first);

        Files.write(executable, new byte[3]);
        cache.extracted(RESOURCE, "some", "program");
        assertThat(executable).isExecutable().hasSize(size);
    }

    @Test
    void manyAtOnceSeeOneCompleteProgramAndLeaveNothingElse() throws Exception {
        ServerCache cache = new ServerCache(directory);
        IntStream.range(0, 16).parallel().forEach(i -> {
            try {
                assertThat(cache.extracted(RESOURCE, "some", "program"))
                        .isExecutable()
                        .hasBinaryContent(RESOURCE.openStream().readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (Stream<Path> files = Files.list(directory.resolve("servers/some/bin"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void whatIsNotThereSaysHowToGetIt() {
        assertThat(new ServerCache(directory).fetched("redis-8.6", "redis-server"))
                .isEmpty();
        assertThat(ServerVersion.REDIS_8_6.unavailableMessage())
                .startsWith("skipped: redis 8.6 is not in ")
                .endsWith("; run scripts/fetch-servers redis-8.6");
    }

    @Test
    void theScriptFetchesEveryVersionThatIsNotInTheJar() throws Exception {
        List<String> names = Files.readAllLines(Path.of("../scripts/fetch-servers")).stream()
                .filter(line -> line.matches("(redis|valkey)-\\d.*"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        // 6.2 is in no Debian release; it comes with the jar.
        assertThat(names)
                .containsExactlyInAnyOrder(Stream.of(ServerVersion.values())
                        .filter(version -> version != ServerVersion.REDIS_6_2)
                        .map(ServerVersion::id)
                        .toArray(String[]::new));
    }
}
