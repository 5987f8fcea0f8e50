package io.millrace.client;

/**
 * A server's product and version.
 *
 * @param valkey true for Valkey, which also reports a Redis version for compatibility
 */
public record ServerVersion(boolean valkey, int major, int minor, int patch) implements Comparable<ServerVersion> {

    /** Reads {@code 8.6.3}, {@code 7.0} or {@code 9.1.0-rc1}; what is missing is 0. */
    public static ServerVersion parse(boolean valkey, String text) {
        int[] parts = new int[3];
        int part = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                parts[part] = parts[part] * 10 + (c - '0');
            } else if (c == '.' && part < 2) {
                part++;
            } else {
                break;
            }
        }
        return new ServerVersion(valkey, parts[0], parts[1], parts[2]);
    }

    public boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    /**
     * The newest RDB version whose payloads RESTORE accepts (rdb.h, RDB_VERSION). Valkey up to 8 stays with 11; Valkey 9
     * writes 80 and reads 11 as well.
     */
    public int rdbVersion() {
        if (valkey) {
            return isAtLeast(9, 0) ? 80 : 11;
        }
        if (isAtLeast(8, 6)) {
            return 13;
        }
        if (isAtLeast(7, 4)) {
            return 12;
        }
        if (isAtLeast(7, 2)) {
            return 11;
        }
        if (isAtLeast(7, 0)) {
            return 10;
        }
        if (isAtLeast(5, 0)) {
            return 9;
        }
        return isAtLeast(4, 0) ? 8 : isAtLeast(3, 2) ? 7 : 6;
    }

    @Override
    public int compareTo(ServerVersion other) {
        int byMajor = Integer.compare(major, other.major);
        int byMinor = Integer.compare(minor, other.minor);
        return byMajor != 0 ? byMajor : byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return (valkey ? "Valkey " : "Redis ") + major + "." + minor + "." + patch;
    }
}
