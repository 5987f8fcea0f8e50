package io.millrace.source.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * One file of the spool: written once from the front by the link's thread, read once from the front by the parser's.
 *
 * <p>It has no name while it is in use: the platform removes it as soon as it is open (StandardOpenOption.DELETE_ON_CLOSE;
 * on Unix the JDK unlinks it at once, on Windows the system does so with the last handle). So no process that is killed
 * leaves anything behind, nobody else can open it, and who removes the directory removes nothing that is needed.
 */
final class Segment implements AutoCloseable {

    private static final Set<OpenOption> OPTIONS = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);

    private final FileChannel channel;

    /** Where the link's thread goes on. */
    private long written;

    /** Where the parser's thread goes on. */
    private long read;

    private Segment(FileChannel channel) {
        this.channel = channel;
    }

    static Segment in(Path directory) throws IOException {
        Path file = directory.resolve("millrace-spool-" + UUID.randomUUID());
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersAlone = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return new Segment(FileChannel.open(file, OPTIONS, ownersAlone));
    }

    /** Writes once; what the disk takes may be less than all. */
    int write(byte[] bytes, int offset, int length) throws IOException {
        int count = channel.write(ByteBuffer.wrap(bytes, offset, length), written);
        written += count;
        return count;
    }

    /** Reads once from what is written. */
    int read(byte[] target, int offset, int length) throws IOException {
        int count = channel.read(ByteBuffer.wrap(target, offset, length), read);
        if (count <= 0) {
            throw new IOException("it ends at " + read + ", before what was written");
        }
        read += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
