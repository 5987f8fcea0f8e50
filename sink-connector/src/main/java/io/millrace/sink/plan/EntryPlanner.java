package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import io.millrace.change.Expiry;
import io.millrace.change.SnapshotEntry;
import io.millrace.rdb.PayloadRewriter;
import io.millrace.rdb.RdbFormatException;
import io.millrace.rdb.Rewritten;
import io.millrace.rdb.StringPayload;
import io.millrace.sink.plan.PlanSettings.ConflictPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans whole snapshot entries: SET for strings, and RESTORE for all else, with the payload rewritten where the destination
 * does not read it as it is; or, where the entry has only the typed value, commands that build it.
 *
 * <p>An entry whose time has come already is restored with a deferred time: the log may hold what has renewed it since.
 */
final class EntryPlanner {

    private static final byte[] REPLACE = ascii("REPLACE");
    private static final byte[] ABSTTL = ascii("ABSTTL");
    private static final byte[] IDLETIME = ascii("IDLETIME");
    private static final byte[] FREQ = ascii("FREQ");
    private static final byte[] PXAT = ascii("PXAT");
    private static final byte[] NO_TTL = ascii(0);

    private final Destination destination;
    private final PlanSettings settings;
    private final ValueCommands values;
    private final ExpiryDeferral expiries;
    private final Unsupported unsupported;
    private final PayloadRewriter payloads;

    EntryPlanner(
            Destination destination,
            PlanSettings settings,
            ValueCommands values,
            ExpiryDeferral expiries,
            Unsupported unsupported) {
        this.unsupported = unsupported;
        this.payloads = destination.payloads();
        this.destination = destination;
        this.settings = settings;
        this.values = values;
        this.expiries = expiries;
    }

    /** Appends what makes the key what the entry says, to be applied together. */
    void plan(SnapshotEntry entry, CommandList out) throws PlanRejection, LeftOut {
        if (entry.key() == null) {
            throw new PlanRejection("RESTORE", "The snapshot entry of type " + entry.type() + " has no key.");
        }
        if (entry.payload() == null) {
            build(entry, out);
        } else if (destination.reads(entry.rdbVersion())
                && (destination.modules() || !PayloadRewriter.isModule(entry.payload()))) {
            restore(entry, entry.payload(), out);
        } else {
            rewrite(entry, out);
        }
    }

    private void rewrite(SnapshotEntry entry, CommandList out) throws PlanRejection, LeftOut {
        try {
            Rewritten rewritten = payloads.rewrite(entry.payload());
            unsupported.losses("RESTORE", rewritten.losses());
            restore(entry, rewritten.payload(), out);
        } catch (RdbFormatException e) {
            if (entry.value() == null) {
                throw new PlanRejection(
                        "RESTORE",
                        "Its payload is to be rewritten for " + destination.version() + ". " + e.getMessage()
                                + " With entry.format=both at the source, the value would be built from its typed form.");
            }
            build(entry, out);
        }
    }

    private void restore(SnapshotEntry entry, byte[] payload, CommandList out) {
        long expireAt = expiries.of(entry.expireAt());
        boolean expires = expireAt != Expiry.NONE;
        byte[] string = maySet(entry, expireAt) ? StringPayload.read(payload) : null;
        if (string != null) {
            if (expires) {
                out.add(Names.SET, entry.key(), string, PXAT, ascii(expireAt));
            } else {
                out.add(Names.SET, entry.key(), string);
            }
            return;
        }
        boolean absolute = destination.hasAbsoluteTtl();
        List<byte[]> args = new ArrayList<>(7);
        args.add(entry.key());
        args.add(expires && absolute ? ascii(Math.max(1, expireAt)) : NO_TTL);
        args.add(payload);
        if (settings.conflicts() == ConflictPolicy.OVERWRITE) {
            args.add(REPLACE);
        }
        if (absolute) {
            if (expires) {
                args.add(ABSTTL);
            }
            if (entry.frequency() != SnapshotEntry.UNKNOWN) {
                args.add(FREQ);
                args.add(ascii(entry.frequency()));
            } else if (entry.idle() != SnapshotEntry.UNKNOWN) {
                args.add(IDLETIME);
                args.add(ascii(entry.idle()));
            }
        }
        ReplyRule rule = settings.conflicts() == ConflictPolicy.SKIP ? ReplyRule.SKIP_BUSY_KEY : ReplyRule.PLAIN;
        out.add(rule, Names.RESTORE, args.toArray(new byte[0][]));
        if (expires && !absolute) {
            out.add(Names.PEXPIREAT, entry.key(), ascii(expireAt));
        }
    }

    /** SET replaces the key, and says neither when nor how often it was used; nor does it take a time before 1970. */
    private boolean maySet(SnapshotEntry entry, long expireAt) {
        return settings.conflicts() == ConflictPolicy.OVERWRITE
                && entry.frequency() == SnapshotEntry.UNKNOWN
                && entry.idle() == SnapshotEntry.UNKNOWN
                && (expireAt == Expiry.NONE || (expireAt > 0 && destination.hasSetAt()));
    }

    private void build(SnapshotEntry entry, CommandList out) throws PlanRejection, LeftOut {
        boolean aside = settings.conflicts() != ConflictPolicy.OVERWRITE;
        byte[] target = aside ? PartKey.of(entry.key()) : entry.key();
        out.add(Names.DEL, target);
        values.append(target, entry.value(), 0, true, out);
        if (aside) {
            place(entry, target, out);
        } else if (entry.expireAt() != Expiry.NONE) {
            out.add(Names.PEXPIREAT, target, ascii(expiries.of(entry.expireAt())));
        }
    }

    /** Gives a value that was put together aside its expiry and its place. */
    void place(SnapshotEntry entry, byte[] aside, CommandList out) {
        switch (settings.conflicts()) {
            case OVERWRITE -> {
                // The expiry comes second: a value that is due would vanish under it, and RENAME would then fail.
                out.add(Names.RENAME, aside, entry.key());
                if (entry.expireAt() != Expiry.NONE) {
                    out.add(Names.PEXPIREAT, entry.key(), ascii(expiries.of(entry.expireAt())));
                }
            }
            case SKIP, FAIL -> {
                ReplyRule rule =
                        settings.conflicts() == ConflictPolicy.SKIP ? ReplyRule.SKIP_ZERO : ReplyRule.REFUSE_ZERO;
                if (entry.expireAt() != Expiry.NONE) {
                    out.add(Names.PEXPIREAT, aside, ascii(expiries.of(entry.expireAt())));
                }
                out.add(rule, Names.RENAMENX, aside, entry.key());
                out.add(Names.DEL, aside);
            }
        }
    }
}
