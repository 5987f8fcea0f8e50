package io.millrace.source.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a directory serves a spool, found out by trying. */
public final class SpoolDirectory {

    private SpoolDirectory() {}

    /** What is wrong with it, in one sentence with the next step; empty if it takes files of the spool. */
    public static Optional<String> fault(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.of("The spool's directory " + directory
                    + " is not there on this worker: make it, on every worker, or name another.");
        }
        try (Segment segment = Segment.in(directory)) {
            if (segment.write(new byte[1], 0, 1) == 1) {
                return Optional.empty();
            }
            return Optional.of(
                    "The spool's directory " + directory + " takes no bytes: give it room, or name another.");
        } catch (IOException e) {
            return Optional.of("The spool cannot write to its directory " + directory + " on this worker ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage()
                    + "): give the worker's user the right to, or name another.");
        }
    }

    /** Bytes that the file system of a directory has left for the worker's user. */
    public static long room(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }
}
