package io.millrace.source.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Slots move key by key between modelled shards, there and back, under writes, while each task looks at the shards when it
 * may: whatever the order of all that, the log gives what the cluster holds.
 */
class SlotMovesTest {

    private static final int RUNS = Integer.getInteger("millrace.moves.runs", 40);
    private static final long FIRST = Long.getLong("millrace.moves.seed", 1);

    /** A task: its looks, of which one may be under way for long, and what it knows. */
    private static final class Task implements Looks {
        final SlotHistory history = new SlotHistory("model", Map.of());
        final Handover handover;
        final ModelCluster cluster;
        final ThreadLocal<ModelTurns.Turn> mine = new ThreadLocal<>();
        private final List<ModelCluster.Node> left = new ArrayList<>();
        private Map<String, Sighting> looked;
        private Map<String, SlotSet> lasting;
        private long rounds;

        Task(ModelCluster cluster, LongSupplier nanos) {
            this.cluster = cluster;
            this.handover = new Handover(history, this, "model", nanos);
        }

        @Override
        public void awaitLook() throws InterruptedException {
            long wanted = rounds + 2;
            mine.get().endUntil(() -> rounds >= wanted);
        }

        @Override
        public long rounds() {
            return rounds;
        }

        @Override
        public boolean isRemoved(String shard) {
            return false;
        }

        /** Looks at one more node. */
        void look(Random random) {
            if (left.isEmpty()) {
                left.addAll(cluster.nodes);
                looked = new LinkedHashMap<>();
                lasting = history.lasting();
            }
            ModelCluster.Node node = left.remove(random.nextInt(left.size()));
            looked.put(node.id, node.sighting(rounds + 1));
            if (left.isEmpty()) {
                history.saw(looked, rounds + 1, lasting);
                rounds++;
            }
        }
    }

    /**
     * @param atOnce how many slots are on their way at once, at most
     * @param moving how many in a thousand steps begin a move
     * @param looking how many steps of the cluster there are to a step of a look
     */
    private record Pace(int shards, int tasks, int atOnce, int moving, int looking, int steps) {}

    private static long copies(long seed, Pace pace) throws InterruptedException {
        Random random = new Random(seed);
        ModelCluster cluster = new ModelCluster(random, pace.shards(), 4, 3);
        ModelLog log = new ModelLog();
        long[] clock = {0};
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < pace.tasks(); i++) {
            tasks.add(new Task(cluster, () -> clock[0]));
        }
        List<ModelCapture> captures = new ArrayList<>();
        List<ModelTurns.Turn> readers = new ArrayList<>();
        try (ModelTurns turns = new ModelTurns()) {
            for (ModelCluster.Node node : cluster.nodes) {
                Task task = tasks.get(random.nextInt(tasks.size()));
                ModelTurns.Turn turn = turns.add();
                ModelCapture capture = new ModelCapture(node, task.handover, turn);
                task.history.captured(capture);
                captures.add(capture);
                readers.add(turn);
                turn.start(() -> {
                    task.mine.set(turn);
                    capture.run();
                });
            }
            for (int step = 0; ; step++) {
                clock[0] += 2_000_000;
                boolean writes = step < pace.steps();
                int which = random.nextInt(1000);
                if (writes && which < pace.moving() && cluster.moves() < pace.atOnce()) {
                    cluster.beginMove();
                }
                if (random.nextInt(pace.looking()) == 0) {
                    tasks.get(random.nextInt(tasks.size())).look(random);
                }
                switch (random.nextInt(6)) {
                    case 0 -> {
                        if (writes) {
                            cluster.write();
                        }
                    }
                    case 1 -> cluster.move();
                    case 2, 3 -> readers.get(random.nextInt(readers.size())).take();
                    case 4 -> captures.get(random.nextInt(captures.size())).give(log);
                    default -> {
                        if (writes && random.nextInt(4) == 0) {
                            cluster.ping();
                        }
                    }
                }
                if (!writes && cluster.moves() == 0 && captures.stream().allMatch(ModelCapture::isAtRest)) {
                    break;
                }
                if (step > pace.steps() + 1_000_000) {
                    throw new AssertionError("seed " + seed + ", " + pace + " does not end: " + captures + "\n"
                            + String.join("\n", log.lines()));
                }
            }
        }
        StringBuilder why = new StringBuilder();
        captures.forEach(capture -> why.append(capture.copies()));
        if (!log.keys().equals(cluster.truth())) {
            Map<String, String> wanted = cluster.truth();
            assertThat(log.keys())
                    .as("seed " + seed + ", " + pace + "\n" + why + String.join("\n", log.lines()))
                    .isEqualTo(wanted);
        }
        return why.toString().lines().count();
    }

    private static long copies(Pace pace) throws InterruptedException {
        long copies = 0;
        for (long seed = FIRST; seed < FIRST + RUNS; seed++) {
            copies += copies(seed, pace);
        }
        return copies;
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "3, 2", "4, 3"})
    void oneAfterTheOther(int shards, int tasks) throws InterruptedException {
        assertThat(copies(new Pace(shards, tasks, 1, 5, 1, 3000))).isLessThan(RUNS);
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "3, 2", "4, 3"})
    void inAllDirectionsAtOnce(int shards, int tasks) throws InterruptedException {
        assertThat(copies(new Pace(shards, tasks, 4, 5, 1, 3000))).isLessThan(2L * RUNS);
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "3, 2", "4, 3"})
    void fasterThanAnybodyLooks(int shards, int tasks) throws InterruptedException {
        assertThat(copies(new Pace(shards, tasks, 4, 30, 20, 3000))).isLessThan(12L * RUNS);
    }
}
