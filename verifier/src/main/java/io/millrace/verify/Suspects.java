package io.millrace.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Keys of one database that differed. Each is looked at again, several times if need be, before it counts as a difference:
 * it may have been written, or have expired, between the two readings. One thread.
 */
final class Suspects {
    /** More than these are looked at before the comparison goes on, so that they need not all be remembered. */
    private static final int LIMIT = 100_000;

    private static final int BATCH = 500;

    private final KeyCheck check;
    private final VerifyOptions options;
    private final Findings findings;
    private final SortedSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);

    Suspects(KeyCheck check, VerifyOptions options, Findings findings) {
        this.check = check;
        this.options = options;
        this.findings = findings;
    }

    int size() {
        return keys.size();
    }

    /** Takes keys that are not certainly equal, looks closely and remembers those that differ. */
    void add(List<byte[]> unsure) throws InterruptedException {
        for (Difference difference : check(unsure)) {
            keys.add(difference.key());
        }
        if (keys.size() >= LIMIT) {
            settle();
        }
    }

    /** Looks at all of them until they are equal or the rounds are over; what is left are differences. */
    void settle() throws InterruptedException {
        for (int round = 1; round <= options.rounds() && !keys.isEmpty(); round++) {
            Thread.sleep(options.pause().toMillis());
            List<Difference> differences = check(new ArrayList<>(keys));
            keys.clear();
            if (round == options.rounds()) {
                differences.forEach(findings::add);
            } else {
                differences.forEach(difference -> keys.add(difference.key()));
            }
        }
    }

    private List<Difference> check(List<byte[]> looked) {
        List<Difference> differences = new ArrayList<>();
        for (int from = 0; from < looked.size(); from += BATCH) {
            differences.addAll(check.check(looked.subList(from, Math.min(looked.size(), from + BATCH))));
        }
        return differences;
    }
}
