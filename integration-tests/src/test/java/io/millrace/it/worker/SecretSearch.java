package io.millrace.it.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for secrets in every byte of every file. */
final class SecretSearch {

    private static final int CHUNK = 1 << 20;

    private SecretSearch() {}

    /** The files that hold one of these texts, with the text. A file that is removed meanwhile is passed over. */
    static List<String> below(Path directory, List<String> secrets) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                search(file, secrets, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static void search(Path file, List<String> secrets, List<String> found) throws IOException {
        int longest = secrets.stream().mapToInt(String::length).max().orElse(0);
        try (InputStream in = Files.newInputStream(file)) {
            String before = "";
            for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
                String text = before + new String(chunk, StandardCharsets.ISO_8859_1);
                for (String secret : secrets) {
                    if (text.contains(secret)) {
                        found.add(file + ": " + secret);
                    }
                }
                before = text.substring(Math.max(0, text.length() - longest));
            }
        } catch (NoSuchFileException e) {
            return;
        }
    }
}
