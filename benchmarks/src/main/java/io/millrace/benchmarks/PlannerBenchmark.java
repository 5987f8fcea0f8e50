package io.millrace.benchmarks;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.SnapshotEntry;
import io.millrace.client.ServerVersion;
import io.millrace.sink.plan.DatabaseMap;
import io.millrace.sink.plan.Destination;
import io.millrace.sink.plan.ExpiryPolicy;
import io.millrace.sink.plan.GhostSettings;
import io.millrace.sink.plan.Plan;
import io.millrace.sink.plan.PlanSettings;
import io.millrace.sink.plan.Planner;
import io.millrace.sink.plan.Sweep;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import io.millrace.sink.plan.UnsupportedPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One change planned for a destination. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PlannerBenchmark {
    private static final Origin ORIGIN =
            new Origin("0", 1, "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb", 1_700_000_000_000L, -1, -1, Map.of());

    @Param({"false", "true"})
    public boolean cluster;

    private Planner planner;
    private Command set;
    private SnapshotEntry entry;
    private Ticket ticket;
    private long offset;
    private Unit last;

    @Setup
    public void prepare() {
        ServerVersion version = new ServerVersion(false, 7, 0, 15);
        PlanSettings settings = new PlanSettings(
                DatabaseMap.identity(),
                PlanSettings.CrossSlot.SPLIT,
                PlanSettings.ConflictPolicy.OVERWRITE,
                new GhostSettings(GhostSettings.Policy.KEEP, 1),
                ExpiryPolicy.EXACT,
                UnsupportedPolicy.FAIL,
                false,
                1 << 20);
        planner = new Planner(new Destination(cluster, version), settings, new Last());
        byte[] key = "user:1000000".getBytes(StandardCharsets.US_ASCII);
        byte[] value = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);
        set = new Command("SET", new byte[][] {key, value}, new int[] {0});
        entry = new SnapshotEntry(ORIGIN, 0, 1L << 60, key, "string", value, 10, null, Expiry.NONE, null, -1, -1);
        ticket = new Ticket("topic", 0, 1, -1);
    }

    /** A SET; with the change, which must be a new one each time. */
    @Benchmark
    public Unit set() {
        planner.plan(new CommandChange(ORIGIN, 0, ++offset, set, Expiry.NONE, null, null), ticket, 0);
        ticket.release();
        return last;
    }

    /** A snapshot entry, for RESTORE. */
    @Benchmark
    public Unit restore() {
        planner.plan(entry, ticket, 0);
        ticket.release();
        return last;
    }

    private final class Last implements Plan {
        @Override
        public void add(Unit unit) {
            last = unit;
        }

        @Override
        public void refuse(Ticket of, Change change, String command, String reason) {
            throw new IllegalStateException(reason);
        }

        @Override
        public void degraded(Ticket of, Change change, String command, String reason) {
            throw new IllegalStateException(reason);
        }

        @Override
        public void leftOut(Ticket of, Change change, String command, String reason) {
            throw new IllegalStateException(reason);
        }

        @Override
        public void reached(Change change) {
            // nobody asks
        }

        @Override
        public void swept(Sweep sweep) {
            // there are no ghosts
        }

        @Override
        public void stop(String sentence) {
            throw new IllegalStateException(sentence);
        }
    }
}
