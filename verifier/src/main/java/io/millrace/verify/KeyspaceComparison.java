package io.millrace.verify;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares two keyspaces key by key: database, type, value and expiry, and function libraries. Either side is a standalone
 * server or a cluster, of any version. Reads alone; needs little memory whatever the size of the keyspaces and values.
 *
 * <p>Keys may be written meanwhile: a key that differs is looked at again before it is reported
 * ({@link VerifyOptions#rounds}), and one that expires during the comparison is no difference. Keys under
 * {@code __millrace:} are ignored.
 *
 * <p>Immutable; each {@link #run} opens its own connections and uses the calling thread alone.
 */
public final class KeyspaceComparison {
    private final RedisEndpoint source;
    private final RedisEndpoint target;
    private final VerifyOptions options;

    public KeyspaceComparison(RedisEndpoint source, RedisEndpoint target, VerifyOptions options) {
        this.source = Objects.requireNonNull(source, "source");
        this.target = Objects.requireNonNull(target, "target");
        this.options = Objects.requireNonNull(options, "options");
    }

    /** With the options of {@link VerifyOptions#defaults()}. */
    public static KeyspaceComparison between(RedisEndpoint source, RedisEndpoint target) {
        return new KeyspaceComparison(source, target, VerifyOptions.defaults());
    }

    /** As {@link #run(Progress.Listener)} without telling anybody. */
    public VerifyReport run() throws InterruptedException {
        return run(progress -> {});
    }

    /**
     * Compares everything.
     *
     * @throws io.millrace.failure.RedisFailureException when a node cannot be reached, refuses the login or a command
     */
    public VerifyReport run(Progress.Listener listener) throws InterruptedException {
        long start = System.nanoTime();
        try (Side sourceSide = new Side(source);
                Side targetSide = new Side(target)) {
            Run run = new Run(sourceSide, targetSide, listener);
            run.compare();
            return run.report(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** One comparison under way. */
    private final class Run {
        private final Side from;
        private final Side to;
        private final Progress.Listener listener;
        private final Findings findings = new Findings(options.maxDifferences());
        private final SortedMap<Integer, Long> sourceKeys = new TreeMap<>();
        private final SortedMap<Integer, Long> targetKeys = new TreeMap<>();
        private final List<String> notes = new ArrayList<>();
        private long keys;
        private long total;

        Run(Side from, Side to, Progress.Listener listener) {
            this.from = from;
            this.to = to;
            this.listener = listener;
        }

        void compare() throws InterruptedException {
            List<Address> sourceSlots = from.slotOwners();
            List<Address> targetSlots = to.slotOwners();
            begin(from.databases());
            for (int database : chosen(from)) {
                compareDatabase(database);
            }
            begin(to.databases());
            for (int database : chosen(to)) {
                searchGhosts(database);
            }
            compareFunctions();
            noteMoves("source", sourceSlots, from.slotOwners());
            noteMoves("target", targetSlots, to.slotOwners());
        }

        VerifyReport report(Duration elapsed) {
            return new VerifyReport(
                    sourceKeys, targetKeys, findings.count(), findings.counts(), findings.first(), notes, elapsed);
        }

        private void compareFunctions() {
            listener.progress(new Progress(Progress.Phase.FUNCTIONS, 0, 0, 0, findings.count()));
            if (!from.hasFunctions() || !to.hasFunctions()) {
                notes.add("Functions were not compared: " + (from.hasFunctions() ? "the target" : "the source")
                        + " has none before version 7.0.");
                return;
            }
            try {
                FunctionComparison.compare(from, to, findings);
            } catch (RedisFailureException e) {
                if (e.kind() != Kind.PERMISSION) {
                    throw e;
                }
                notes.add("Functions were not compared: a user may not run FUNCTION LIST; grant it to compare them.");
            }
        }

        private void compareDatabase(int database) throws InterruptedException {
            boolean reachable = to.hasDatabase(database);
            Pair pair = new Pair(from, to, database);
            long tolerance = options.expiryTolerance().toMillis();
            BatchComparison batch = new BatchComparison(pair, tolerance);
            Suspects suspects = new Suspects(new KeyCheck(pair, tolerance), options, findings);
            for (Address node : from.masters()) {
                KeyScan scan = new KeyScan(from, node, database, options.batchKeys());
                while (scan.hasNext()) {
                    List<byte[]> found = scan.next();
                    if (reachable) {
                        suspects.add(batch.suspects(found));
                    } else {
                        String missing = "no database " + database;
                        found.forEach(key -> findings.add(
                                new Difference(database, key, Difference.Kind.MISSING, "the key", missing)));
                    }
                    count(sourceKeys, database, found.size(), Progress.Phase.COMPARE, suspects);
                }
            }
            suspects.settle();
        }

        private void searchGhosts(int database) throws InterruptedException {
            boolean reachable = from.hasDatabase(database);
            GhostSearch ghosts = new GhostSearch(from, database);
            KeyCheck check = new KeyCheck(
                    new Pair(from, to, database), options.expiryTolerance().toMillis());
            Suspects suspects = new Suspects(check, options, findings);
            for (Address node : to.masters()) {
                KeyScan scan = new KeyScan(to, node, database, options.batchKeys());
                while (scan.hasNext()) {
                    List<byte[]> found = scan.next();
                    if (reachable) {
                        suspects.add(ghosts.missing(found));
                    } else {
                        String missing = "no database " + database;
                        found.forEach(key ->
                                findings.add(new Difference(database, key, Difference.Kind.GHOST, missing, "the key")));
                    }
                    count(targetKeys, database, found.size(), Progress.Phase.GHOSTS, suspects);
                }
            }
            suspects.settle();
        }

        private void begin(SortedMap<Integer, Long> sizes) {
            keys = 0;
            total = sizes.entrySet().stream()
                    .filter(size -> isChosen(size.getKey()))
                    .mapToLong(java.util.Map.Entry::getValue)
                    .sum();
        }

        private void count(
                SortedMap<Integer, Long> byDatabase, int database, int found, Progress.Phase phase, Suspects suspects)
                throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            byDatabase.merge(database, (long) found, Long::sum);
            keys += found;
            listener.progress(new Progress(phase, keys, total, suspects.size(), findings.count()));
        }

        private Set<Integer> chosen(Side side) {
            Set<Integer> databases = new TreeSet<>(side.databases().keySet());
            databases.removeIf(database -> !isChosen(database));
            return databases;
        }

        private void noteMoves(String side, List<Address> before, List<Address> after) {
            if (!before.equals(after)) {
                notes.add("Slots of the " + side
                        + " moved during the comparison, so keys may have been passed over: compare again.");
            }
        }

        private boolean isChosen(int database) {
            return options.databases().isEmpty() || options.databases().contains(database);
        }
    }
}
