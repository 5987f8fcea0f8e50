package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.SnapshotEntry;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import io.millrace.sink.apply.ApplyAbortedException;
import io.millrace.sink.apply.OwnHash;
import io.millrace.sink.plan.KeySweep;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that are not at the destination what they are at the source, since a change to them was refused. They are noted at the
 * destination after the window in which it happened, before its records count as done, and the note goes when the key's whole
 * value arrives. Where no key is dirty, which is the rule, it costs nothing.
 *
 * <p>Belongs to the thread that applies.
 */
final class DirtyKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DirtyKeys.class);

    private final OwnHash hash;
    private final SinkStatus status;
    private final int most;
    private final Map<DirtyKey, DirtyMark> marks = new HashMap<>();
    private final Map<Change, DirtyMark> refused = new IdentityHashMap<>();
    private final List<Change> inOrder = new ArrayList<>();
    private boolean warned;

    /** @param most keys that are noted; what is beyond is only counted */
    DirtyKeys(OwnHash hash, SinkStatus status, int most) {
        this.hash = hash;
        this.status = status;
        this.most = most;
    }

    /** Reads what earlier tasks have noted. */
    void load() throws ApplyAbortedException {
        marks.clear();
        hash.read((field, value) -> marks.put(DirtyKey.ofField(field), DirtyMark.parse(value)));
        status.dirty(marks.size());
        if (!marks.isEmpty()) {
            LOG.warn("{} keys are dirty: a change to them was refused. See millrace dirty.", marks.size());
        }
    }

    /** A change is left out; {@link #settle} notes its keys. */
    void refused(Change change, DirtyMark mark) {
        if (refused.put(change, mark) == null) {
            inOrder.add(change);
        }
    }

    /** Whether any key of a change is known not to be what it is at the source. */
    boolean differs(Change change) {
        for (DirtyKey key : KeyEffects.keys(change)) {
            if (marks.containsKey(key)
                    || inOrder.stream().anyMatch(one -> KeyEffects.keys(one).contains(key))) {
                return true;
            }
        }
        return false;
    }

    /** Whether everything that was refused is noted. */
    boolean isSettled() {
        return refused.isEmpty();
    }

    /**
     * Notes at the destination what a window has left.
     *
     * @param applied the units of the window in their order, all done; refusals of others come after them
     */
    void settle(List<Unit> applied) throws ApplyAbortedException {
        if (refused.isEmpty() && marks.isEmpty()) {
            return;
        }
        Map<DirtyKey, DirtyMark> now = new LinkedHashMap<>();
        boolean flushed = false;
        for (Unit unit : applied) {
            Change last = null;
            for (PlannedCommand command : unit.commands()) {
                Change change = command.change();
                if (change != last) {
                    last = change;
                    flushed |= settle(change, now);
                }
            }
            if (unit.route() == Unit.Route.SWEEP) {
                swept(unit.sweep(), now);
            }
        }
        for (Change change : inOrder) {
            if (refused.containsKey(change)) {
                settle(change, now);
            }
        }
        write(now, flushed);
        refused.clear();
        inOrder.clear();
    }

    /** @return whether the change may have emptied the database that the marks are in */
    private boolean settle(Change change, Map<DirtyKey, DirtyMark> now) {
        DirtyMark mark = refused.remove(change);
        if (mark != null) {
            KeyEffects.keys(change).forEach(key -> now.put(key, mark));
            return false;
        }
        if (marks.isEmpty() && now.isEmpty()) {
            return false;
        }
        if (change instanceof SnapshotEntry entry) {
            whole(entry, now);
        } else if (change instanceof CommandChange command) {
            return command(command, now);
        }
        return false;
    }

    private void whole(SnapshotEntry entry, Map<DirtyKey, DirtyMark> now) {
        if (entry.key() == null || (entry.part() != null && !entry.part().last())) {
            return;
        }
        DirtyKey key = new DirtyKey(entry.db(), entry.key());
        DirtyMark mark = mark(key, now);
        boolean ofAnEarlierPart = entry.part() != null
                && mark != null
                && mark.generation() == entry.origin().generation()
                && mark.offset() == entry.offset();
        if (mark != null && !ofAnEarlierPart) {
            now.put(key, null);
        }
    }

    private boolean command(CommandChange change, Map<DirtyKey, DirtyMark> now) {
        if (KeyEffects.empties(change)) {
            for (DirtyKey key : all(now)) {
                if (KeyEffects.isEmptied(change, key.db())) {
                    now.put(key, null);
                }
            }
            return true;
        }
        List<DirtyKey> keys = KeyEffects.keys(change);
        if (KeyEffects.replaces(change)) {
            keys.forEach(key -> now.put(key, null));
        } else if (keys.size() > 1) {
            // What was made of a dirty key is no better.
            keys.stream()
                    .map(key -> mark(key, now))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(mark ->
                            keys.stream().filter(key -> mark(key, now) == null).forEach(key -> now.put(key, mark)));
        }
        return false;
    }

    private void swept(KeySweep sweep, Map<DirtyKey, DirtyMark> now) {
        for (DirtyKey key : all(now)) {
            if (sweep.takes(key.db(), key.key())) {
                now.put(key, null);
            }
        }
    }

    private List<DirtyKey> all(Map<DirtyKey, DirtyMark> now) {
        List<DirtyKey> keys = new ArrayList<>(marks.keySet());
        keys.addAll(now.keySet());
        return keys;
    }

    private DirtyMark mark(DirtyKey key, Map<DirtyKey, DirtyMark> now) {
        return now.containsKey(key) ? now.get(key) : marks.get(key);
    }

    private void write(Map<DirtyKey, DirtyMark> now, boolean all) throws ApplyAbortedException {
        List<byte[]> pairs = new ArrayList<>();
        List<byte[]> gone = new ArrayList<>();
        if (all) {
            marks.forEach((key, mark) -> {
                if (!now.containsKey(key)) {
                    now.put(key, mark);
                }
            });
        }
        now.forEach((key, mark) -> {
            if (mark == null) {
                if (marks.remove(key) != null) {
                    gone.add(key.field());
                }
            } else if (marks.containsKey(key) || marks.size() < most) {
                marks.put(key, mark);
                pairs.add(key.field());
                pairs.add(mark.text());
            } else if (!warned) {
                warned = true;
                LOG.warn(
                        "More than {} keys are dirty. Others are reported and not noted: let the source begin a new snapshot.",
                        most);
            }
        });
        hash.put(pairs);
        hash.remove(gone);
        status.dirty(marks.size());
    }

    @Override
    public void close() {
        hash.close();
    }
}
