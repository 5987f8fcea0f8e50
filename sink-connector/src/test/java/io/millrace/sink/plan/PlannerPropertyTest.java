package io.millrace.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.change.Value;
import io.millrace.client.ServerVersion;
import io.millrace.sink.Feed;
import io.millrace.sink.plan.PlanSettings.ConflictPolicy;
import io.millrace.sink.plan.PlanSettings.CrossSlot;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PlannerPropertyTest {

    /** A step of a source: a command, or several in a transaction. */
    private record Step(boolean transaction, List<List<String>> commands) {}

    private static final class Recorded implements Plan {
        private final List<Unit> units = new ArrayList<>();
        private final List<String> refused = new ArrayList<>();

        @Override
        public void add(Unit unit) {
            units.add(unit);
        }

        @Override
        public void refuse(Ticket ticket, Change change, String command, String reason) {
            refused.add(command + ": " + reason);
        }

        @Override
        public void degraded(Ticket ticket, Change change, String command, String reason) {
            refused.add("degraded " + command + ": " + reason);
        }

        @Override
        public void leftOut(Ticket ticket, Change change, String command, String reason) {
            refused.add("left out " + command + ": " + reason);
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
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<String> keys = Arbitraries.of("a", "b", "c", "{a}1", "{a}2", "{b}1", "x{", "}y{z}", "");
        Arbitrary<String> values = Arbitraries.strings().alpha().ofMaxLength(3);
        Arbitrary<List<String>> pairs = Combinators.combine(keys, values)
                .as((key, value) -> List.of(key, value))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(list -> list.stream().flatMap(List::stream).toList());
        Arbitrary<List<String>> commands = Arbitraries.oneOf(
                Combinators.combine(keys, values).as((key, value) -> List.of("SET", key, value)),
                Combinators.combine(keys, values).as((key, value) -> List.of("APPEND", key, value)),
                keys.list().ofMinSize(1).ofMaxSize(5).map(list -> with("DEL", list)),
                keys.list().ofMinSize(1).ofMaxSize(5).map(list -> with("UNLINK", list)),
                pairs.map(list -> with("MSET", list)),
                pairs.map(list -> with("MSETNX", list)),
                Arbitraries.just(List.of("FLUSHALL")));
        Arbitrary<Step> single = commands.map(command -> new Step(false, List.of(command)));
        Arbitrary<Step> transaction = commands.list().ofMinSize(1).ofMaxSize(4).map(list -> new Step(true, list));
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, single), net.jqwik.api.Tuple.of(1, transaction))
                .list()
                .ofMaxSize(30);
    }

    private static List<String> with(String name, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(rest);
        return all;
    }

    private static List<Change> changes(List<Step> steps) {
        Feed feed = new Feed(1);
        List<Change> changes = new ArrayList<>();
        for (Step step : steps) {
            Object[][] commands = step.commands.stream().map(List::toArray).toArray(Object[][]::new);
            if (step.transaction) {
                changes.addAll(feed.transaction(commands));
            } else {
                changes.add(feed.command(commands[0]));
            }
        }
        return changes;
    }

    private static PlanSettings settings() {
        return new PlanSettings(
                DatabaseMap.identity(),
                CrossSlot.SPLIT,
                ConflictPolicy.OVERWRITE,
                new GhostSettings(GhostSettings.Policy.KEEP, 1),
                ExpiryPolicy.EXACT,
                UnsupportedPolicy.FAIL,
                false,
                1 << 20);
    }

    private static Destination destination(boolean cluster) {
        return new Destination(cluster, ServerVersion.parse(false, "7.0.15"));
    }

    /** Does what the commands of the generator do. A replicated MSETNX has succeeded, and so does it here. */
    private static void execute(Map<String, String> model, String name, List<String> args) {
        switch (name) {
            case "SET" -> model.put(args.get(0), args.get(1));
            case "APPEND" -> model.merge(args.get(0), args.get(1), String::concat);
            case "DEL", "UNLINK" -> args.forEach(model::remove);
            case "MSET", "MSETNX" -> {
                for (int i = 0; i < args.size(); i += 2) {
                    model.put(args.get(i), args.get(i + 1));
                }
            }
            case "FLUSHALL" -> model.clear();
            default -> throw new AssertionError(name);
        }
    }

    private static List<String> texts(byte[][] args) {
        List<String> texts = new ArrayList<>();
        for (byte[] arg : args) {
            texts.add(new String(arg, StandardCharsets.UTF_8));
        }
        return texts;
    }

    @Property(tries = 400)
    void thePlanDoesWhatTheChangesDoEachOnceAndInOrder(@ForAll("steps") List<Step> steps, @ForAll boolean cluster) {
        List<Change> changes = changes(steps);
        Recorded recorded = new Recorded();
        Planner planner = new Planner(destination(cluster), settings(), recorded);
        List<Ticket> tickets = new ArrayList<>();
        Map<String, String> expected = new TreeMap<>();
        for (Change change : changes) {
            Ticket ticket = new Ticket("t", 0, tickets.size(), -1);
            tickets.add(ticket);
            planner.plan(change, ticket, 0);
            ticket.release();
            io.millrace.change.Command command = ((io.millrace.change.CommandChange) change).command();
            execute(expected, command.name(), texts(command.args()));
        }
        assertThat(recorded.refused).isEmpty();
        assertThat(tickets).noneMatch(Ticket::isDone);

        Map<String, String> actual = new TreeMap<>();
        Map<String, Long> lastOfKey = new HashMap<>();
        Map<Change, Integer> planned = new IdentityHashMap<>();
        for (Unit unit : recorded.units) {
            for (PlannedCommand command : unit.commands()) {
                execute(actual, command.name().text(), texts(command.args()));
                planned.merge(command.change(), 1, Integer::sum);
                for (String key : keysOf(command)) {
                    assertThat(command.change().offset()).isGreaterThanOrEqualTo(lastOfKey.getOrDefault(key, 0L));
                    lastOfKey.put(key, command.change().offset());
                    if (cluster && unit.route() == Unit.Route.SLOT) {
                        assertThat(HashSlot.of(Feed.bytes(key))).isEqualTo(unit.slot());
                    }
                }
            }
            for (Ticket ticket : unit.tickets()) {
                ticket.release();
            }
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(planned.keySet()).hasSameSizeAs(changes);
        assertThat(tickets).allMatch(Ticket::isDone);
        if (!cluster) {
            assertThat(planned.values()).allMatch(count -> count == 1);
        }
    }

    /** While a worker that others take for dead still runs, two tasks of the source send the same, each in order. */
    @Property(tries = 400)
    void whatTwoTasksSendAtOnceIsPlannedOnce(
            @ForAll("steps") List<Step> steps, @ForAll Random random, @ForAll boolean oneAfterTheOther) {
        List<Integer> ends = new ArrayList<>(List.of(0));
        List<Change> changes = changes(steps);
        for (int i = 0; i < changes.size(); i++) {
            TransactionMark mark = ((CommandChange) changes.get(i)).transaction();
            if (mark == null || mark.last()) {
                ends.add(i + 1);
            }
        }
        int stored = ends.get(random.nextInt(ends.size()));
        int killed = stored + random.nextInt(changes.size() - stored + 1);
        Iterator<Change> first = changes.subList(stored, killed).iterator();
        Iterator<Change> second = changes(steps).subList(stored, changes.size()).iterator();
        List<Change> log = new ArrayList<>(changes.subList(0, stored));
        while (first.hasNext() || second.hasNext()) {
            boolean fromFirst = !second.hasNext() || (first.hasNext() && (oneAfterTheOther || random.nextBoolean()));
            log.add(fromFirst ? first.next() : second.next());
        }

        Map<String, String> expected = new TreeMap<>();
        for (Change change : changes) {
            Command command = ((CommandChange) change).command();
            execute(expected, command.name(), texts(command.args()));
        }
        Recorded recorded = new Recorded();
        Planner planner = new Planner(destination(false), settings(), recorded);
        List<Ticket> tickets = new ArrayList<>();
        for (Change change : log) {
            Ticket ticket = new Ticket("t", 0, tickets.size(), -1);
            tickets.add(ticket);
            planner.plan(change, ticket, 0);
            ticket.release();
        }
        assertThat(recorded.refused).isEmpty();
        Map<String, String> actual = new TreeMap<>();
        int planned = 0;
        for (Unit unit : recorded.units) {
            for (PlannedCommand command : unit.commands()) {
                execute(actual, command.name().text(), texts(command.args()));
                planned++;
            }
            for (Ticket ticket : unit.tickets()) {
                ticket.release();
            }
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(planned).isEqualTo(changes.size());
        assertThat(tickets).allMatch(Ticket::isDone);
    }

    private static List<String> keysOf(PlannedCommand command) {
        List<String> args = texts(command.args());
        return switch (command.name().text()) {
            case "SET", "APPEND" -> args.subList(0, 1);
            case "DEL", "UNLINK" -> args;
            case "FLUSHALL" -> List.of();
            default -> {
                List<String> keys = new ArrayList<>();
                for (int i = 0; i < args.size(); i += 2) {
                    keys.add(args.get(i));
                }
                yield keys;
            }
        };
    }

    @Property(tries = 200)
    void aRepetitionOfTheTailPlansNothing(@ForAll("steps") List<Step> steps, @ForAll int seed) {
        List<Change> changes = changes(steps);
        Recorded recorded = new Recorded();
        Planner planner = new Planner(destination(false), settings(), recorded);
        changes.forEach(change -> planner.plan(change, new Ticket("t", 0, 0, -1), 0));
        int units = recorded.units.size();
        int from = changes.isEmpty() ? 0 : Math.floorMod(seed, changes.size());
        while (from > 0
                && ((io.millrace.change.CommandChange) changes.get(from)).transaction() != null
                && ((io.millrace.change.CommandChange) changes.get(from))
                                .transaction()
                                .index()
                        > 0) {
            from--;
        }
        changes.subList(from, changes.size()).forEach(change -> planner.plan(change, new Ticket("t", 0, 0, -1), 0));
        assertThat(recorded.units).hasSize(units);
        assertThat(recorded.refused).isEmpty();
    }

    @Property(tries = 200)
    void aKeyForPartsIsInTheSlotOfItsKey(@ForAll byte[] key) {
        assertThat(HashSlot.of(PartKey.of(key))).isEqualTo(HashSlot.of(key));
    }

    @Property(tries = 200)
    void scoresAreReadBackAsTheyWere(@ForAll double score) {
        assertThat(Double.doubleToLongBits(
                        Double.parseDouble(ValueCommands.score(score).replace("inf", "Infinity"))))
                .isEqualTo(Double.doubleToLongBits(score));
    }

    @Property(tries = 50)
    void entriesForOldServersHaveTheirExpiryApart(@ForAll boolean old) {
        Recorded recorded = new Recorded();
        Destination destination = new Destination(false, ServerVersion.parse(false, old ? "4.0.14" : "5.0.0"));
        Planner planner =
                new Planner(destination, settings(), recorded, new ExpiryDeferral(ExpiryPolicy.EXACT, () -> 0));
        SnapshotEntry entry = new Feed(1).dump("k", new byte[] {1}, 8, 77);
        planner.plan(entry, new Ticket("t", 0, 0, -1), 0);
        List<String> commands = new ArrayList<>();
        for (PlannedCommand command : recorded.units.get(0).commands()) {
            commands.add(command.name() + " " + String.join(" ", texts(command.args())));
        }
        if (old) {
            assertThat(commands).containsExactly("RESTORE k 0 \u0001 REPLACE", "PEXPIREAT k 77");
        } else {
            assertThat(commands).containsExactly("RESTORE k 77 \u0001 REPLACE ABSTTL");
        }
    }

    @Property(tries = 1)
    void anExpiryThatAnOldServerTakesApartIsSetWithTheValue() {
        Recorded recorded = new Recorded();
        Destination old = new Destination(false, ServerVersion.parse(false, "6.0.16"));
        Planner planner = new Planner(old, settings(), recorded);
        Ticket ticket = new Ticket("t", 0, 0, -1);
        planner.plan(new Feed(1).command("SETEX", "k", "10", "v"), ticket, 0);
        ticket.release();
        assertThat(recorded.units).hasSize(1);
        assertThat(recorded.units.get(0).commands())
                .extracting(command -> command.name().text())
                .containsExactly("SET", "PEXPIREAT");
        assertThat(recorded.units.get(0).tickets()).containsExactly(ticket);
        assertThat(ticket.isDone()).isFalse();
    }

    @Property(tries = 1)
    void payloadsThatADivergedServerRefusesAreKnown() {
        Destination valkey9 = new Destination(false, ServerVersion.parse(true, "9.1.2"));
        assertThat(valkey9.reads(11)).isTrue();
        assertThat(valkey9.reads(12)).isFalse();
        assertThat(valkey9.reads(80)).isTrue();
        assertThat(new Destination(false, ServerVersion.parse(true, "8.1.0")).reads(12))
                .isFalse();
        assertThat(new Destination(false, ServerVersion.parse(false, "8.6.3")).reads(80))
                .isFalse();
        assertThat(new Destination(false, ServerVersion.parse(false, "7.4.0")).reads(12))
                .isTrue();
    }

    @Property(tries = 1)
    void aPartWithoutItsBeginningIsRefused() {
        Recorded recorded = new Recorded();
        Planner planner = new Planner(destination(false), settings(), recorded);
        Ticket ticket = new Ticket("t", 0, 0, -1);
        planner.plan(
                new Feed(1).part("k", new Value.StringValue(new byte[1]), -1, new io.millrace.change.Part(3, false)),
                ticket,
                0);
        assertThat(recorded.refused).singleElement().asString().contains("without the parts before");
    }
}
