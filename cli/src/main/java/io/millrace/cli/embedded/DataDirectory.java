package io.millrace.cli.embedded;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory that holds all that a migration has to remember: the broker's log, the connectors' offsets (in that
 * log), the unpacked plugins and the log file.
 *
 * <p>One process at a time: the lock is the operating system's, so a process that was killed leaves none behind.
 */
public final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the directory where it is missing, readable by its owner alone, and locks it.
     *
     * @throws Failure when it cannot be made or written, or another process holds it
     */
    public static DataDirectory open(Path root) {
        Path directory = root.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            create(directory);
            create(spool(directory));
            channel = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Failure(
                        ExitStatus.REFUSED,
                        "The data directory " + directory + " is in use by another millrace process;"
                                + " stop that one, or give this one its own with --data-dir.");
            }
            return new DataDirectory(directory, channel, lock);
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw new Failure(
                    ExitStatus.REFUSED,
                    "The data directory " + directory + " cannot be written (" + reason(e)
                            + "); name another one with --data-dir.");
        }
    }

    private static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very JVM: as taken as if another process had it.
            return null;
        }
    }

    private static void closeQuietly(FileChannel channel, IOException cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        if (e instanceof FileSystemException fileSystem && fileSystem.getReason() != null) {
            return fileSystem.getReason();
        }
        return e.getMessage();
    }

    public Path root() {
        return root;
    }

    Path brokerLog() {
        return root.resolve("kafka");
    }

    Path plugins() {
        return root.resolve("plugins");
    }

    /** What the source has sent and Kafka does not take yet. */
    public Path spool() {
        return spool(root);
    }

    /** The same of any data directory. */
    public static Path spool(Path root) {
        return root.resolve("spool");
    }

    public Path logFile() {
        return root.resolve("log").resolve("millrace.log");
    }

    /** Bytes that this user can still write here. */
    public long usableBytes() {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException e) {
            throw new Failure("The data directory " + root + " cannot be read (" + reason(e)
                    + "); bring it back and run the same command again.");
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new Failure("The lock of the data directory " + root + " cannot be released: " + reason(e) + ".");
        }
    }
}
