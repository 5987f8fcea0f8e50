package io.millrace.change;

import io.millrace.slot.SlotSet;
import java.util.Objects;

/**
 * A write command of the source.
 *
 * @param expireAt when the key expires, in milliseconds since the epoch, if the command sets an expiry; else
 *     {@link Expiry#NONE}
 * @param transaction the place in a MULTI…EXEC block, or null
 * @param reason {@code expired} or {@code evicted} where that is certain, else null
 * @param dbAfter the database that the stream has selected behind the change. It is another one where a transaction goes on
 *     with what is not captured. Only the capturing side knows it: it is not part of the event
 * @param slots for a command without a key of a cluster's shard, the slots of the record's partition that it concerns; null
 *     for all
 */
public record CommandChange(
        Origin origin,
        int db,
        long offset,
        Command command,
        long expireAt,
        TransactionMark transaction,
        String reason,
        int dbAfter,
        SlotSet slots)
        implements Change {

    public static final String KIND = "command";

    public CommandChange {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(command, "command");
    }

    /** A change behind which its own database is selected. */
    public CommandChange(
            Origin origin,
            int db,
            long offset,
            Command command,
            long expireAt,
            TransactionMark transaction,
            String reason) {
        this(origin, db, offset, command, expireAt, transaction, reason, db, null);
    }

    /** This change as one that concerns these slots. */
    public CommandChange within(SlotSet concerned) {
        return new CommandChange(origin, db, offset, command, expireAt, transaction, reason, dbAfter, concerned);
    }

    /** This change at another place of its transaction. */
    public CommandChange within(TransactionMark place) {
        return new CommandChange(origin, db, offset, command, expireAt, place, reason, dbAfter, slots);
    }

    /** This change of a transaction as its last one, which ends at this offset with this database selected. */
    public CommandChange asLast(long end, int selected) {
        TransactionMark last = new TransactionMark(transaction.id(), transaction.index(), true);
        return new CommandChange(origin, db, end, command, expireAt, last, reason, selected, slots);
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
