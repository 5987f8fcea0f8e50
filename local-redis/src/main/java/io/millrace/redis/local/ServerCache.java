package io.millrace.redis.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * The directory that holds server binaries: {@code $MILLRACE_CACHE/servers}, or {@code $HOME/.cache/millrace/servers}.
 * Shared by every process of the user: whatever appears in it appears at once and complete.
 */
final class ServerCache {
    private static final Set<PosixFilePermission> EXECUTABLE = Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Path servers;

    ServerCache(Path cache) {
        this.servers = cache.resolve("servers");
    }

    static ServerCache ofUser() {
        String named = System.getenv("MILLRACE_CACHE");
        if (named != null && !named.isEmpty()) {
            return new ServerCache(Path.of(named));
        }
        // The fetch script reads HOME; user.home comes from the password file and may differ.
        String home = System.getenv("HOME");
        Path base = Path.of(home != null && !home.isEmpty() ? home : System.getProperty("user.home"));
        return new ServerCache(base.resolve(".cache").resolve("millrace"));
    }

    Path directory() {
        return servers;
    }

    /** A binary that {@code scripts/fetch-servers} has placed. */
    Optional<Path> fetched(String name, String program) {
        Path executable = servers.resolve(name).resolve("bin").resolve(program);
        return Files.isExecutable(executable) ? Optional.of(executable) : Optional.empty();
    }

    /** A binary that travels in this module's jar, extracted on first use. */
    Path extracted(URL resource, String name, String program) throws IOException {
        Path bin = servers.resolve(name).resolve("bin");
        Path executable = bin.resolve(program);
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            if (Files.isExecutable(executable) && Files.size(executable) == connection.getContentLengthLong()) {
                return executable;
            }
            Files.createDirectories(bin);
            Path partial = Files.createTempFile(bin, program, ".partial");
            try {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(partial, EXECUTABLE);
                Files.move(partial, executable, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
            return executable;
        }
    }
}
