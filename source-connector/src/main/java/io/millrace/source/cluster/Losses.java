package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.List;

/** What a shard was seen to give up further on in its stream than the parser is. Thread-safe. */
final class Losses {

    private final List<Release> pending = new ArrayList<>();
    private volatile boolean any;

    synchronized void add(Release release) {
        pending.add(release);
        any = true;
    }

    synchronized void clear() {
        pending.clear();
        any = false;
    }

    /** Costs nothing. */
    boolean isEmpty() {
        return !any;
    }

    /** The slots that will not be left off. */
    synchronized SlotSet lasting(SlotSet own) {
        SlotSet lasting = own;
        for (Release loss : pending) {
            lasting = lasting.minus(loss.slots());
        }
        return lasting;
    }

    /** The first of the slot, or null. */
    synchronized Release first(int slot) {
        return pending.stream()
                .filter(loss -> loss.slots().contains(slot))
                .findFirst()
                .orElse(null);
    }

    /** The slot is given up, as of this release of it. */
    synchronized void take(Release release, int slot) {
        pending.replaceAll(each -> each.sequence() == release.sequence() ? each.without(slot) : each);
    }

    /** Takes those that are before the offset. */
    synchronized List<Release> takeBefore(long offset) {
        List<Release> passed =
                pending.stream().filter(loss -> loss.offset() < offset).toList();
        pending.removeAll(passed);
        any = !pending.isEmpty();
        return passed;
    }
}
