package io.millrace.source.cluster;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.SnapshotEntry;
import io.millrace.slot.SlotSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The reader of one shard, with the gate that is tested, and what stands between it and the log. */
final class ModelCapture implements Capture {

    private record Passed(Change change, int generation, long unitEnd) {}

    private final ModelCluster.Node node;
    private final ModelTurns.Turn turn;
    private final SlotGate gate;
    private final Deque<Passed> queue = new ArrayDeque<>();
    private int generation;
    private int read;
    private long unitEnd;
    private long flushed;
    private long acknowledged;
    private int acknowledgedGeneration;
    private String copies = "";

    ModelCapture(ModelCluster.Node node, Handover handover, ModelTurns.Turn turn) {
        this.node = node;
        this.turn = turn;
        this.gate = new SlotGate(node.id, handover, this::queue, change -> {}, () -> passed(unitEnd));
    }

    private void queue(Change change) {
        queue.add(new Passed(change, generation, -1));
    }

    private void passed(long end) {
        flushed = end;
        queue.add(new Passed(null, generation, end));
    }

    /** Kafka takes and acknowledges one change. */
    void give(ModelLog log) {
        Passed next = queue.poll();
        if (next != null && next.change() != null) {
            log.add(next.change());
        } else if (next != null) {
            acknowledged = next.unitEnd();
            acknowledgedGeneration = next.generation();
            String link = Handover.announced("model", node.id, generation);
            node.acknowledged.keySet().retainAll(List.of(link));
            node.acknowledged.put(link, acknowledged());
        }
    }

    boolean isAtRest() {
        return queue.isEmpty() && read == node.stream.size() && acknowledged() >= node.offset;
    }

    @Override
    public String toString() {
        return node.id.charAt(0) + " generation " + generation + " has read " + read + " of " + node.stream.size()
                + ", acknowledged " + acknowledged() + " of " + node.offset + ", queued " + queue.size()
                + (gate.waits() ? " waits" : "") + " own " + gate.holdings().own() + " served " + node.slots + "\n"
                + copies;
    }

    /** Why there were copies but the first. */
    String copies() {
        return copies;
    }

    /** Reads until it is ended, a change a turn. */
    void run() throws InterruptedException {
        String reason = "";
        while (true) {
            try {
                if (reason != null) {
                    copy();
                    reason = null;
                }
                while (true) {
                    turn.end();
                    step();
                }
            } catch (MustCopyException e) {
                reason = e.getMessage();
                copies += node.id.charAt(0) + ": " + reason + "\n";
            }
        }
    }

    private void step() throws InterruptedException {
        if (read < node.stream.size()) {
            CommandChange change = node.stream.get(read);
            gate.accept(change);
            read++;
            unitEnd = change.offset();
            if (read % 3 == 0) {
                passed(unitEnd);
            }
        } else if (flushed < node.offset) {
            unitEnd = node.offset;
            gate.reached(unitEnd, origin());
            passed(unitEnd);
        }
    }

    private Origin origin() {
        return new Origin(node.id, generation, "history-" + node.id, 0, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());
    }

    private void copy() throws InterruptedException {
        SlotSet before = node.slots;
        long epoch = node.epoch;
        turn.end();
        Map<String, String> snapshot = new TreeMap<>(node.data);
        long offset = node.offset;
        read = node.stream.size();
        generation++;
        node.acknowledged.clear();
        unitEnd = -1;
        turn.end();
        gate.begin(before.intersect(node.slots), epoch);
        Origin origin = origin();
        gate.accept(new Mark(origin, 0, offset, Mark.Meaning.SNAPSHOT_BEGIN, Map.of()));
        for (Map.Entry<String, String> entry : snapshot.entrySet()) {
            turn.end();
            gate.accept(new SnapshotEntry(
                    origin,
                    0,
                    offset,
                    entry.getKey().getBytes(StandardCharsets.UTF_8),
                    "string",
                    entry.getValue().getBytes(StandardCharsets.UTF_8),
                    9,
                    null,
                    Expiry.NONE,
                    null,
                    -1,
                    -1));
        }
        gate.accept(new Mark(origin, 0, offset, Mark.Meaning.SNAPSHOT_END, Map.of()));
        unitEnd = offset;
        passed(unitEnd);
    }

    @Override
    public String shard() {
        return node.id;
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public long acknowledged() {
        return acknowledgedGeneration == generation ? Math.max(0, acknowledged) : 0;
    }

    @Override
    public boolean isDone() {
        return false;
    }

    @Override
    public SlotSet lasting() {
        return gate.lasting();
    }

    @Override
    public boolean has(int slot) {
        return gate.has(slot);
    }

    @Override
    public void lose(Release release) {
        gate.lose(release);
    }
}
