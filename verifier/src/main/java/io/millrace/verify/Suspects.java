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

    void add(List<byte[]> suspects) throws InterruptedException {
        keys.addAll(suspects);
        if (keys.size() >= LIMIT) {
            settle();
        }
    }

    /** Looks at all of them until they are equal or the rounds are over; what is left are differences. */
    void settle() throws InterruptedException {
        for (int round = 1; round <= options.rounds() && !keys.isEmpty(); round++) {
            if (round > 1) {
                Thread.sleep(options.pause().toMillis());
            }
            boolean last = round == options.rounds();
            List<byte[]> looked = new ArrayList<>(keys);
            keys.clear();
            for (int from = 0; from < looked.size(); from += BATCH) {
                for (Difference difference : check.check(looked.subList(from, Math.min(looked.size(), from + BATCH)))) {
                    if (last) {
                        findings.add(difference);
                    } else {
                        keys.add(difference.key());
                    }
                }
            }
        }
    }
}
