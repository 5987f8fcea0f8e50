package io.millrace.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.client.ServerVersion;
import io.millrace.sink.Feed;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RunBuilderPropertyTest {

    private static List<Unit> units(List<Set<Integer>> keys) {
        List<Unit> units = new ArrayList<>();
        Plan plan = new Plan() {
            @Override
            public void add(Unit unit) {
                units.add(unit);
            }

            @Override
            public void refuse(Ticket ticket, Change change, String command, String reason) {
                throw new AssertionError(reason);
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

            @Override
            public void swept(Sweep sweep) {
                throw new AssertionError("nothing was to be looked for");
            }

            @Override
            public void stop(String sentence) {
                throw new AssertionError(sentence);
            }
        };
        Planner planner = new Planner(
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
                plan);
        Feed feed = new Feed(1);
        for (Set<Integer> some : keys) {
            List<Object> words = new ArrayList<>(List.of("SUNIONSTORE"));
            some.forEach(key -> words.add("{tag}" + key));
            words.add("{tag}" + some.iterator().next());
            planner.plan(feed.command(words.toArray()), new Ticket("t", 0, 0, -1), 0);
        }
        return units;
    }

    @Property(tries = 500)
    void runsHoldEveryUnitOnceAndTieTogetherWhatSharesAKey(
            @ForAll @Size(min = 1, max = 40) List<@Size(min = 1, max = 3) Set<@IntRange(max = 60) Integer>> keys,
            @ForAll boolean cluster) {
        List<Unit> window = units(keys);
        List<Run> runs = new RunBuilder(cluster).build(window);

        List<Unit> inRuns = runs.stream().flatMap(run -> run.units().stream()).toList();
        assertThat(inRuns).containsExactlyInAnyOrderElementsOf(window);

        Map<Long, Run> runOf = new HashMap<>();
        for (Run run : runs) {
            Map<Long, Integer> last = new HashMap<>();
            for (Unit unit : run.units()) {
                int position = window.indexOf(unit);
                for (long key : unit.keys()) {
                    assertThat(runOf.putIfAbsent(key, run)).isIn(null, run);
                    assertThat(position).isGreaterThanOrEqualTo(last.getOrDefault(key, -1));
                    last.put(key, position);
                }
            }
        }
        Set<Integer> distinct = keys.stream().flatMap(Set::stream).collect(Collectors.toSet());
        boolean shared = distinct.size() < keys.stream().mapToInt(Set::size).sum();
        if (!cluster && shared) {
            assertThat(runs).hasSize(1);
            assertThat(runs.get(0).units()).isEqualTo(window);
        }
        if (!shared) {
            assertThat(runs).hasSameSizeAs(window);
        }
    }
}
