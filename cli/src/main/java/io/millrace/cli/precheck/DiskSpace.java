package io.millrace.cli.precheck;

import java.nio.file.Path;

/** Whether the data directory has room for the log. */
public final class DiskSpace {
    /** The broker, its internal topics and the plugins need this much before the first record. */
    static final long LEAST = 256L << 20;

    private DiskSpace() {}

    /**
     * @param usable bytes that can still be written there
     * @param expected bytes that the log may reach: about the memory that the source uses
     */
    public static CheckResult check(Path directory, long usable, long expected) {
        String evidence = "The data directory " + directory + " has " + mib(usable) + " free";
        if (usable < LEAST) {
            return CheckResult.error(
                    "data-directory-space",
                    evidence + ", and at least " + mib(LEAST) + " are needed",
                    "free some space or name another place with --data-dir");
        }
        if (usable < LEAST + expected) {
            return CheckResult.warning(
                    "data-directory-space",
                    evidence + ", and the log may grow to " + mib(expected),
                    "free some space or name another place with --data-dir");
        }
        return CheckResult.ok("data-directory-space", evidence);
    }

    private static String mib(long bytes) {
        return bytes / (1 << 20) + " MiB";
    }
}
