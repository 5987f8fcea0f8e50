package io.millrace.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void anotherZipReplacesWhatTheEarlierOneLeft() throws IOException {
        Path target = directory.resolve("source");
        PluginDirectory.unpack(zip("a/lib/old.jar"), "source.zip", target);
        PluginDirectory.unpack(zip("a/lib/new.jar"), "source.zip", target);

        assertThat(target.resolve("a/lib/new.jar")).hasContent("a/lib/new.jar");
        assertThat(target.resolve("a/lib/old.jar")).doesNotExist();
    }

    @Test
    void theSameZipIsNotUnpackedAgain() throws IOException {
        Path target = directory.resolve("source");
        PluginDirectory.unpack(zip("a/lib/one.jar"), "source.zip", target);
        Files.delete(target.resolve("a/lib/one.jar"));
        PluginDirectory.unpack(zip("a/lib/one.jar"), "source.zip", target);

        assertThat(target.resolve("a/lib/one.jar")).doesNotExist();
    }

    @Test
    void anEntryThatPointsOutsideIsRefused() {
        assertThatThrownBy(() -> PluginDirectory.unpack(zip("../out.jar"), "bad.zip", directory.resolve("bad")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("../out.jar");
    }

    private static byte[] zip(String entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry(entry));
            out.write(entry.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
