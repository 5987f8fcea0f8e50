package io.millrace.source.cluster;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Holdings;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.SnapshotEntry;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import io.millrace.source.assemble.ChangeOutput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets through what is a shard's to publish: changes of the slots that are its own at that place of its stream. A change of
 * another slot waits until the slot has passed to this shard (see {@link Handover}), or is left out when it is part of a copy
 * that may yet be thrown away, or of what is removed behind a slot that has gone.
 *
 * <p>Owned by the parser's thread; {@link #lose}, {@link #lasting} and the figures may be called by any.
 */
public final class SlotGate implements ChangeOutput {

    private static final Logger log = LoggerFactory.getLogger(SlotGate.class);

    /** In the details of what claims slots: a claim of a lower epoch than the slot's owner has does not count. */
    private static final String EPOCH = "epoch";

    /** What MIGRATE sends to the new owner. */
    private static final String MOVED = "RESTORE-ASKING";

    /** Hands over what was let through before a wait, so that Kafka gets it. */
    @FunctionalInterface
    public interface BeforeWait {
        void flush() throws InterruptedException;
    }

    private final String shard;
    private final Handover handover;
    private final ChangeOutput out;
    private final ChangeOutput passed;
    private final BeforeWait beforeWait;
    private final SlotPast past = new SlotPast();

    private final Losses losses = new Losses();

    private volatile Holdings holdings;
    private volatile boolean waits;
    private volatile long leftOut;
    private boolean inSnapshot;
    private long epoch;
    private Map<String, SlotSet> snapshotImports = new HashMap<>();

    /**
     * @param out takes what is the shard's to publish
     * @param passed hears of what is left out, since the stream goes on behind it
     */
    public SlotGate(String shard, Handover handover, ChangeOutput out, ChangeOutput passed, BeforeWait beforeWait) {
        this.passed = passed;
        this.shard = shard;
        this.handover = handover;
        this.out = out;
        this.beforeWait = beforeWait;
    }

    /** Goes on with what was stored. */
    public void resume(Holdings from) {
        holdings = from;
    }

    /** Begins a generation with the slots that are certain to be whole in its snapshot. */
    public void begin(SlotSet own, long ownEpoch) {
        epoch = ownEpoch;
        losses.clear();
        holdings = Holdings.of(own);
        past.begin(own, ownEpoch, handover.view(), shard);
        snapshotImports = new HashMap<>();
        inSnapshot = false;
    }

    /** What is this shard's, as of the change that was let through last; null before the first generation. */
    public Holdings holdings() {
        return holdings;
    }

    /** Whether the parser waits for slots to pass to this shard. Any thread. */
    public boolean waits() {
        return waits;
    }

    /** Changes of slots that were not the shard's and were left out. Any thread. */
    public long leftOut() {
        return leftOut;
    }

    /** The slots that are the shard's, less those that it will leave off further on. Any thread. */
    public SlotSet lasting() {
        Holdings now = holdings;
        return now == null ? SlotSet.NONE : losses.lasting(now.own());
    }

    /** Whether the slot is or was this shard's in this generation. Any thread. */
    public boolean has(int slot) {
        Holdings now = holdings;
        return now != null && (now.own().contains(slot) || now.given().contains(slot));
    }

    /** Behind the release's offset its slots are no longer the shard's. Any thread. */
    public void lose(Release release) {
        losses.add(release);
    }

    @Override
    public void accept(Change change) throws InterruptedException {
        if (!losses.isEmpty() && !inSnapshot) {
            release(change.offset(), change.origin(), change.offset() - 1);
        }
        if (change instanceof Mark mark) {
            mark(mark);
            return;
        }
        if (change instanceof CommandChange command && command.command().keys().length == 0) {
            keyless(command);
            return;
        }
        byte[] key = change.key();
        if (key == null || mayPass(change, HashSlot.of(key))) {
            out.accept(change instanceof CommandChange command ? asRestore(command) : change);
        }
    }

    /** What MIGRATE sends to the new owner is a RESTORE that a node takes before the slot is its own. */
    private static CommandChange asRestore(CommandChange change) {
        Command command = change.command();
        if (!command.name().equals(MOVED)) {
            return change;
        }
        byte[][] args = command.args();
        for (int i = 3; i < args.length; i++) {
            if (new String(args[i], StandardCharsets.US_ASCII).equalsIgnoreCase("REPLACE")) {
                return with(change, args);
            }
        }
        byte[][] replacing = Arrays.copyOf(args, args.length + 1);
        replacing[args.length] = "REPLACE".getBytes(StandardCharsets.US_ASCII);
        return with(change, replacing);
    }

    private static CommandChange with(CommandChange change, byte[][] args) {
        return new CommandChange(
                change.origin(),
                change.db(),
                change.offset(),
                new Command("RESTORE", args, new int[] {0}),
                change.expireAt(),
                change.transaction(),
                change.reason(),
                change.dbAfter(),
                change.slots());
    }

    private void mark(Mark mark) throws InterruptedException {
        if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
            inSnapshot = true;
            handover.awaitQuiet(shard, holdings.own());
            Map<String, String> details = new HashMap<>(mark.details());
            details.put(EPOCH, Long.toString(epoch));
            out.accept(new Mark(mark.origin(), mark.db(), mark.offset(), mark.meaning(), details, holdings.own()));
            for (Map.Entry<String, SlotSet> each : snapshotImports.entrySet()) {
                imports(mark.origin(), mark.offset(), each.getKey(), each.getValue());
            }
            return;
        }
        if (mark.meaning() == Mark.Meaning.SNAPSHOT_END) {
            inSnapshot = false;
        }
        out.accept(mark.within(holdings.own()));
    }

    /** Before the snapshot's begin: the snapshot says that these slots are being copied to the shard. */
    public void snapshotImports(String task) {
        if (Migrations.task(task) instanceof Migrations.Begins begins) {
            snapshotImports.put(begins.name(), begins.slots());
        }
    }

    private void keyless(CommandChange change) throws InterruptedException {
        if (!Migrations.isOne(change.command())) {
            if (holdings.own().isEmpty()) {
                passed.accept(change);
            } else {
                out.accept(change.within(holdings.own()));
            }
            return;
        }
        migration(change);
        passed.accept(change);
    }

    private void migration(CommandChange change) throws InterruptedException {
        Migrations migration = Migrations.of(change.command());
        long before = change.offset() - 1;
        if (migration instanceof Migrations.Begins begins) {
            if (lasting().intersects(begins.slots())) {
                throw new MustCopyException("Slots of shard " + shard
                        + " have gone to another and come back before that was noticed, so that what it removed of them in"
                        + " between cannot be told from what its clients did.");
            }
            imports(change.origin(), before, begins.name(), begins.slots());
        } else if (migration instanceof Migrations.Fails fails
                && holdings.importing().containsKey(fails.name())) {
            hold(holdings.importEnded(fails.name()), change.origin(), before, SlotSet.NONE);
        } else if (migration instanceof Migrations.TakesOver done
                && holdings.importing().containsKey(done.name())) {
            SlotSet slots = holdings.importing().get(done.name());
            if (!done.marked()) {
                throw new MustCopyException("Slots came to shard " + shard
                        + " by an atomic migration of Valkey. Its former owner then removes their keys, and nothing tells that"
                        + " from what clients delete, so that the shard's own values have to be sent.");
            }
            if (await(change, slots, false) == Handover.Verdict.UNDONE) {
                throw new MustCopyException("Slots that a migration brought to shard " + shard
                        + " have gone on before that was noticed, and from which shard they came is not known.");
            }
            hold(holdings.importEnded(done.name()).claimed(slots), change.origin(), before, slots);
        } else if (migration instanceof Migrations.GivesUp gives
                && holdings.own().intersects(gives.slots())) {
            past.left(holdings.own().intersect(gives.slots()));
            hold(holdings.lost(gives.slots()), change.origin(), before, SlotSet.NONE);
        }
    }

    private void imports(Origin origin, long offset, String name, SlotSet slots) throws InterruptedException {
        hold(holdings.imports(name, slots), origin, offset, SlotSet.NONE);
    }

    private boolean mayPass(Change change, int slot) throws InterruptedException {
        boolean removal = change instanceof CommandChange command && isRemoval(command.command());
        boolean moved = change instanceof CommandChange command
                && command.command().name().equals(MOVED);
        boolean own = holdings.own().contains(slot) && (!moved || isStillOwn(change, slot));
        if (own) {
            past.passed(slot, change.offset(), removal);
            return true;
        }
        if (removal || holdings.isImporting(slot) || await(change, SlotSet.of(slot), true) == Handover.Verdict.UNDONE) {
            leaveOut();
            passed.accept(change);
            return false;
        }
        long before = change instanceof SnapshotEntry && inSnapshot ? change.offset() : change.offset() - 1;
        hold(holdings.claimed(SlotSet.of(slot)), change.origin(), before, SlotSet.of(slot));
        past.passed(slot, change.offset(), false);
        return true;
    }

    /**
     * Whether the slot has not gone and come back unnoticed, since a key of it is moved to this shard: as when a move to
     * another is undone.
     */
    private boolean isStillOwn(Change change, int slot) throws InterruptedException {
        if (past.isCertain(slot, change.offset())) {
            return true;
        }
        beforeWait.flush();
        SlotHistory.View view = handover.look();
        Release loss = losses.first(slot);
        if (loss != null) {
            if (change.offset() <= loss.held()) {
                past.certain(slot, loss.held());
                return true;
            }
            requireEmpty(slot, loss.held());
            past.released(slot, loss.sequence());
            losses.take(loss, slot);
            hold(holdings.lost(SlotSet.of(slot)), change.origin(), change.offset() - 1, SlotSet.NONE);
            return false;
        }
        Tenure tenure = Tenure.follow(view, shard, slot, past);
        if (tenure.before().isEmpty() && tenure.epoch() <= past.epoch(slot)) {
            past.certain(slot, tenure.certain());
            return true;
        }
        requireEmpty(slot, past.certain(slot));
        return false;
    }

    /** What was written to a slot after the last time that it was seen here, if not removed, may be from after it came back. */
    private void requireEmpty(int slot, long held) {
        if (past.isWrittenBehind(slot, held)) {
            throw new MustCopyException("Slot " + slot + " of shard " + shard
                    + " went to another and came back before that was noticed, so that what was written to it before cannot be"
                    + " told from what was written after.");
        }
    }

    /** What removes a key that is not the shard's is what is left of a slot that has gone, or of a copy. */
    private static boolean isRemoval(Command command) {
        return command.name().equals("DEL") || command.name().equals("UNLINK");
    }

    /** Written by the parser's thread alone. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void leaveOut() {
        leftOut++;
    }

    private Handover.Verdict await(Change change, SlotSet slots, boolean whole) throws InterruptedException {
        beforeWait.flush();
        waits = true;
        long begun = System.nanoTime();
        try {
            return handover.await(shard, slots, past, whole);
        } finally {
            waits = false;
            long millis = (System.nanoTime() - begun) / 1_000_000;
            if (millis > 100) {
                log.info(
                        "Shard {} waited {} ms at offset {} for {} slots.",
                        shard,
                        millis,
                        change.offset(),
                        slots.size());
            }
        }
    }

    /**
     * The stream has got to this offset, without a change that would say so: what the shard was seen to give up before is its
     * own no longer.
     *
     * @return whether that was anything, which is to be stored
     */
    public boolean reached(long offset, Origin origin) throws InterruptedException {
        return !losses.isEmpty() && holdings != null && release(offset + 1, origin, offset);
    }

    /** The shard has left the cluster, and its stream has ended here. */
    public void leave(long offset, Origin origin) throws InterruptedException {
        losses.clear();
        hold(holdings.lost(holdings.own()), origin, offset, SlotSet.NONE);
    }

    /** Gives up what the shard did not have any more at the offset. */
    private boolean release(long offset, Origin origin, long before) throws InterruptedException {
        SlotSet gone = SlotSet.NONE;
        for (Release loss : losses.takeBefore(offset)) {
            loss.returning().stream().forEach(slot -> requireEmpty(slot, loss.held()));
            gone = gone.union(loss.slots());
            loss.slots().stream().forEach(slot -> past.released(slot, loss.sequence()));
        }
        if (!holdings.own().intersects(gone)) {
            return false;
        }
        hold(holdings.lost(gone), origin, before, SlotSet.NONE);
        return true;
    }

    /** Says whose the slots are now, before what comes next. */
    private void hold(Holdings now, Origin origin, long offset, SlotSet claimed) throws InterruptedException {
        holdings = now;
        Map<String, String> details = new HashMap<>(now.toMap());
        if (!claimed.isEmpty()) {
            details.put(
                    EPOCH,
                    Long.toString(claimed.stream().mapToLong(past::epoch).max().orElseThrow()));
        }
        out.accept(new Mark(origin, 0, offset, Mark.Meaning.TOPOLOGY, details, claimed));
    }
}
