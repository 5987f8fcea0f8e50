package io.millrace.sink.apply;

import io.millrace.change.Change;
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
import java.util.ArrayList;
import java.util.List;

/** Plans changes for a cluster, each of them a record. */
final class Planned implements Plan {

    static final String TOPIC = "changes";

    private final List<Unit> units = new ArrayList<>();
    private final Planner planner = new Planner(
            new Destination(true, ServerVersion.parse(false, "7.0.15")),
            new PlanSettings(
                    DatabaseMap.identity(),
                    PlanSettings.CrossSlot.FAIL,
                    PlanSettings.ConflictPolicy.OVERWRITE,
                    new GhostSettings(GhostSettings.Policy.KEEP, 1),
                    ExpiryPolicy.EXACT,
                    UnsupportedPolicy.FAIL,
                    false,
                    1 << 20),
            this);

    /** The units of changes whose first has this offset. */
    static List<Unit> units(long offset, List<? extends Change> changes) {
        Planned planned = new Planned();
        for (int i = 0; i < changes.size(); i++) {
            planned.planner.plan(changes.get(i), new Ticket(TOPIC, 0, offset + i, -1), 0);
        }
        return planned.units;
    }

    @Override
    public void add(Unit unit) {
        units.add(unit);
    }

    @Override
    public void refuse(Ticket ticket, Change change, String command, String reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void swept(Sweep sweep) {
        throw new AssertionError("nothing was to be looked for");
    }

    @Override
    public void stop(String sentence) {
        throw new AssertionError(sentence);
    }

    @Override
    public void degraded(Ticket ticket, Change change, String command, String reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void leftOut(Ticket ticket, Change change, String command, String reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void reached(Change change) {
        // of no concern here
    }
}
