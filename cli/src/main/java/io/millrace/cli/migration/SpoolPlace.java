package io.millrace.cli.migration;

import io.millrace.cli.embedded.DataDirectory;
import java.nio.file.Path;

/**
 * Where the source connector of an embedded worker keeps what Kafka does not take yet.
 *
 * @param directory within the data directory, as that has the room
 * @param maxBytes of its files together
 */
record SpoolPlace(Path directory, long maxBytes) {

    /** The connector's own default. */
    private static final long MOST = 1L << 30;

    /** Most of the room is for the log, which is on the same disk. */
    private static final int SHARE = 4;

    /** As it would be where there is room enough. */
    static SpoolPlace in(Path dataDirectory) {
        return new SpoolPlace(DataDirectory.spool(dataDirectory.toAbsolutePath().normalize()), MOST);
    }

    static SpoolPlace of(DataDirectory directory) {
        return new SpoolPlace(directory.spool(), Math.min(MOST, directory.usableBytes() / SHARE));
    }
}
