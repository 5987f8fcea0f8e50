package io.millrace.redis.local;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The servers that this project starts. Redis 6.2 and 7.0 travel in the jar; the others are there once
 * {@code scripts/fetch-servers} has put them in the cache directory.
 *
 * <p>Both embedded builds speak TLS and cluster, and come without redis-cli. The 7.0 build is static and so runs on any
 * Linux; the 6.2 build for amd64 needs glibc and OpenSSL 3 on the machine.
 */
public enum ServerVersion {
    REDIS_6_0("redis", 6, 0, null),
    REDIS_6_2("redis", 6, 2, new Embedded("6.2.6-v5", "6.2.7")),
    REDIS_7_0("redis", 7, 0, new Embedded("7.0.15", "7.0.15")),
    REDIS_8_0("redis", 8, 0, null),
    REDIS_8_6("redis", 8, 6, null),
    VALKEY_8_1("valkey", 8, 1, null),
    VALKEY_9_1("valkey", 9, 1, null);

    /** Builds inside the jar: the label in the resource's name on linux-amd64 and macOS, and on linux-arm64. */
    private record Embedded(String label, String linuxArm64Label) {}

    private final String product;
    private final int major;
    private final int minor;
    private final Embedded embedded;

    ServerVersion(String product, int major, int minor, Embedded embedded) {
        this.product = product;
        this.major = major;
        this.minor = minor;
        this.embedded = embedded;
    }

    /** The version that is always there and runs on the most machines. */
    public static ServerVersion standard() {
        return REDIS_7_0;
    }

    /** Every version that can be started here and now. */
    public static List<ServerVersion> present() {
        return Arrays.stream(values()).filter(v -> v.available().isPresent()).toList();
    }

    /** The name in the cache directory and for {@code scripts/fetch-servers}: {@code redis-8.6}, {@code valkey-9.1}. */
    public String id() {
        return product + "-" + major + "." + minor;
    }

    public boolean isValkey() {
        return product.equals("valkey");
    }

    /** True for this Redis version or newer; false for every Valkey. */
    public boolean isRedisAtLeast(int wantedMajor, int wantedMinor) {
        return !isValkey() && atLeast(wantedMajor, wantedMinor);
    }

    /** True where HPEXPIRE exists: Redis 7.4, Valkey 9.0. */
    public boolean hasHashFieldExpiry() {
        return isValkey() ? atLeast(9, 0) : atLeast(7, 4);
    }

    /** True where FUNCTION exists: Redis 7.0, every Valkey. */
    public boolean hasFunctions() {
        return atLeast(7, 0);
    }

    /** The server's executable, extracted from the jar if need be; empty where this machine does not have it. */
    public Optional<Path> available() {
        ServerCache cache = ServerCache.ofUser();
        String program = product + "-server";
        if (embedded != null) {
            URL resource = ServerVersion.class.getResource(embeddedResource());
            if (resource != null) {
                try {
                    return Optional.of(cache.extracted(resource, id() + "-embedded", program));
                } catch (IOException e) {
                    throw new LocalServerException(
                            "Cannot extract " + this + " to " + cache.directory()
                                    + "; make the directory writable or set MILLRACE_CACHE to another one",
                            e);
                }
            }
        }
        return cache.fetched(id(), program);
    }

    /** A program that comes with a fetched server, such as {@code redis-benchmark}; the embedded builds have none. */
    public Optional<Path> tool(String program) {
        return ServerCache.ofUser().fetched(id(), program);
    }

    /** One line for a skipped test or a message to the user, when {@link #available()} is empty. */
    public String unavailableMessage() {
        return "skipped: " + this + " is not in " + ServerCache.ofUser().directory() + "; run scripts/fetch-servers "
                + id();
    }

    /** The executable, or an error that says how to get it. */
    Path executable() {
        return available()
                .orElseThrow(() -> new LocalServerException(this + " is not in "
                        + ServerCache.ofUser().directory() + "; run scripts/fetch-servers " + id()));
    }

    private boolean atLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    private String embeddedResource() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String jvmArch = System.getProperty("os.arch");
        String arch = jvmArch.equals("aarch64") || jvmArch.equals("arm64") ? "arm64" : "amd64";
        String label = os.equals("linux") && arch.equals("arm64") ? embedded.linuxArm64Label() : embedded.label();
        return "redis-server-" + label + "-" + os + "-" + arch;
    }

    @Override
    public String toString() {
        return product + " " + major + "." + minor;
    }
}
