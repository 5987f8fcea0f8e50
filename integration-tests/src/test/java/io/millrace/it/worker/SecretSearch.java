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
public final class SecretSearch {

    private static final int CHUNK = 1 << 20;

    private SecretSearch() {}

    /** The files that hold one of these texts, with the text. A file that is removed meanwhile is passed over. */
    public static List<String> below(Path directory, List<String> secrets) {
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

    /** The command lines of all processes, as anybody on the machine can see them; nothing where there is no /proc. */
    public static String commandLines() {
        StringBuilder all = new StringBuilder();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            try {
                all.append(Files.exists(commandLine) ? Files.readString(commandLine, StandardCharsets.ISO_8859_1) : "");
            } catch (IOException e) {
                continue; // the process has ended meanwhile
            }
        }
        return all.toString();
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
