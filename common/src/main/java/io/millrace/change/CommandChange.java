package io.millrace.change;

import java.util.Objects;

/**
 * A write command of the source.
 *
 * @param expireAt when the key expires, in milliseconds since the epoch, if the command sets an expiry; else
 *     {@link Expiry#NONE}
 * @param transaction the place in a MULTI…EXEC block, or null
 * @param reason {@code expired} or {@code evicted} where that is certain, else null
 */
public record CommandChange(
        Origin origin, int db, long offset, Command command, long expireAt, TransactionMark transaction, String reason)
        implements Change {

    public static final String KIND = "command";

    public CommandChange {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(command, "command");
    }

    @Override
    public byte[] key() {
        return command.firstKey();
    }

    @Override
    public String kind() {
        return KIND;
    }
}
