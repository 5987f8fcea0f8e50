package io.millrace.it.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A zip that a module of the reactor has packed.
 *
 * @param suffix how its name ends, after the version
 */
record PackagedZip(String module, String suffix) {

    /** The file, if this build has got as far as packaging. */
    Optional<Path> file() {
        Path target = Path.of("..", module, "target");
        if (!Files.isDirectory(target)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(f -> f.getFileName().toString().endsWith(suffix))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String missingMessage() {
        return "skipped: " + module + " is not packaged; run mvn verify";
    }

    /** The version of the build, as it stands in file names. */
    String version() {
        String name = file().orElseThrow().getFileName().toString();
        return name.substring(module.length() + 1, name.length() - suffix.length());
    }

    /** Every file in the zip, sorted, with {@code VERSION} in the place of the build's version. */
    List<String> entries() {
        try (ZipFile zip = open()) {
            return zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName().replace(version(), "VERSION"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String name) {
        try (ZipFile zip = open();
                InputStream in = zip.getInputStream(zip.getEntry(root(zip) + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unpacks it below the directory, as its user would; the directory that is in it. */
    Path unpackInto(Path directory) {
        try (ZipFile zip = open()) {
            for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, file);
                }
            }
            return directory.resolve(root(zip));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ZipFile open() throws IOException {
        return new ZipFile(file().orElseThrow(() -> new IllegalStateException(missingMessage()))
                .toFile());
    }

    private static String root(ZipFile zip) {
        String first = zip.entries().nextElement().getName();
        return first.substring(0, first.indexOf('/') + 1);
    }
}
