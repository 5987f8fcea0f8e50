package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.plan.Crossing;
import io.millrace.sink.plan.Plan;
import io.millrace.sink.plan.Sweep;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the planner has given and nobody has taken yet. Belongs to the thread that applies. */
final class PlannedChanges implements Plan {

    private final List<Unit> units = new ArrayList<>();
    private final List<Crossing> crossings = new ArrayList<>();
    private final Map<String, Change> reached = new LinkedHashMap<>();
    private final Reductions reductions;
    private final SinkStatus status;

    PlannedChanges(Reductions reductions, SinkStatus status) {
        this.reductions = reductions;
        this.status = status;
    }

    void clear() {
        units.clear();
        crossings.clear();
        reached.clear();
        reductions.clear();
    }

    /** The units of the change that was planned last; to be cleared. */
    List<Unit> units() {
        return units;
    }

    /** @param applying whether an earlier task has not applied the change */
    void countCrossings(boolean applying) {
        if (crossings.isEmpty()) {
            return; // nearly always, and asked for each change
        }
        if (applying) {
            crossings.forEach(status::crossed);
        }
        crossings.clear();
    }

    /** The last change of each shard since this was asked before. */
    Map<String, Change> takeReached() {
        Map<String, Change> last = Map.copyOf(reached);
        reached.clear();
        return last;
    }

    @Override
    public void add(Unit unit) {
        units.add(unit);
    }

    @Override
    public void refuse(Ticket ticket, Change change, String command, String reason) {
        reductions.refused(ticket, change, command, reason);
    }

    @Override
    public void degraded(Ticket ticket, Change change, String command, String reason) {
        reductions.degraded(ticket, change, command, reason);
    }

    @Override
    public void leftOut(Ticket ticket, Change change, String command, String reason) {
        reductions.leftOut(ticket, change, command, reason);
    }

    @Override
    public void crossed(Crossing how, Change change, String command) {
        crossings.add(how);
    }

    @Override
    public void reached(Change change) {
        reached.put(change.origin().shard(), change);
    }

    @Override
    public void swept(Sweep sweep) {
        status.swept(sweep);
    }

    @Override
    public void stop(String sentence) {
        throw new SinkFailure(sentence);
    }
}
