package io.millrace.credentials;

import io.millrace.endpoint.CredentialsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A small file that somebody replaces from time to time; what cannot be read now may be there the next time. */
record SecretFile(Path path, String purpose) {

    /** Far above what a password, a token or an object with both needs; a wrong path may be a log of gigabytes. */
    private static final int MAX_BYTES = 64 * 1024;

    /** @throws CredentialsException when it cannot be read, or is empty, as a file is that is just being written */
    byte[] read() {
        byte[] content;
        try (InputStream in = Files.newInputStream(path)) {
            content = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw failure("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        if (content.length > MAX_BYTES) {
            throw failure("is larger than " + MAX_BYTES / 1024 + " KiB and cannot be one");
        }
        if (content.length == 0) {
            throw failure("is empty");
        }
        return content;
    }

    /** Without the line feed, or carriage return and line feed, that editors end files with. */
    byte[] firstLine() {
        byte[] content = read();
        int end = 0;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        if (end > 0 && content[end - 1] == '\r') {
            end--;
        }
        if (end == 0) {
            throw failure("has an empty first line");
        }
        return Arrays.copyOf(content, end);
    }

    CredentialsException failure(String what) {
        return CredentialsException.retryable(this + " " + what);
    }

    @Override
    public String toString() {
        return purpose + " " + path;
    }
}
