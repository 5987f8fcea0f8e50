package io.millrace.source.link;

/**
 * What one command may hold before the stream counts as malformed.
 *
 * @param maxBulk bytes of one argument; the server's own limit is proto-max-bulk-len, 512 MB unless configured
 * @param maxArguments arguments of one command, the name included
 */
public record RespLimits(int maxBulk, int maxArguments) {

    public static final RespLimits DEFAULT = new RespLimits(512 * 1024 * 1024, 16 * 1024 * 1024);

    public RespLimits {
        if (maxBulk < 0 || maxArguments < 1) {
            throw new IllegalArgumentException("maxBulk must be 0 or more and maxArguments 1 or more");
        }
    }
}
