package io.millrace.source.link;

/**
 * What one command may hold before the stream counts as malformed.
 *
 * @param maxBulk bytes of one argument; the server's own limit is proto-max-bulk-len, 512 MB unless configured
 * @param maxArguments arguments of one command, the name included
 * @param maxCommand bytes of memory that one command may take; what is more is refused by name
 */
public record RespLimits(int maxBulk, int maxArguments, long maxCommand) {

    public static final RespLimits DEFAULT = new RespLimits(
            512 * 1024 * 1024,
            16 * 1024 * 1024,
            CommandLimit.ofHeap(Runtime.getRuntime().maxMemory()));

    public RespLimits {
        if (maxBulk < 0 || maxArguments < 1 || maxCommand < 1) {
            throw new IllegalArgumentException("maxBulk must be 0 or more, maxArguments and maxCommand 1 or more");
        }
    }
}
