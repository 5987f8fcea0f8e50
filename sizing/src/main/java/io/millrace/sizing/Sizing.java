package io.millrace.sizing;

import java.time.Duration;

/** The formulas. {@code docs/sizing.md} tells them in words. */
public final class Sizing {
    private static final double MICROS = 1e6;
    private static final double MIB = 1 << 20;

    /** How full cores and tasks are planned to be; the rest is for what no average shows. */
    private static final double FULL = 0.7;

    private static final int MOST_BATCH_COMMANDS = 100_000;
    private static final int PAGE = 4096;
    private static final double KEYS_A_SCAN = 1000;

    private final SizingRequest request;
    private final Workload load;
    private final Layout layout;
    private final Coefficients known;
    private final Work entry;
    private final Work command;
    private final int tasks;
    private final Paces paces;

    private Sizing(SizingRequest request, Coefficients known) {
        this.request = request;
        this.load = request.load();
        this.layout = request.layout();
        this.known = known;
        this.entry = Work.entry(load, known);
        this.command = Work.command(load, known);
        this.tasks = layout.tasks() > 0 ? allowed(layout.tasks()) : chosenTasks();
        this.paces = new Paces(layout, known, tasks);
    }

    public static SizingPlan plan(SizingRequest request, Coefficients known) {
        return new Sizing(request, known).plan();
    }

    private int allowed(int wanted) {
        return layout.isOrderedAsOne() ? 1 : wanted;
    }

    /** One a shard; more where the aims ask for more, up to the partitions. */
    private int chosenTasks() {
        Paces single = new Paces(layout, known, 1);
        double needed = Math.max(
                copyGoal() / single.exchange(entry).perSecond(1),
                load.writesPerSecond() / FULL / single.exchange(command).perSecond(1));
        double most = Math.max(layout.sourceShards(), known.clusterPartitions());
        return allowed((int) Math.max(layout.sourceShards(), Math.ceil(Math.min(needed, most))));
    }

    /** Keys a second that the window asks for. */
    private double copyGoal() {
        Duration window = request.aims().window();
        return window == null ? 0 : load.keys() * 1000.0 / window.toMillis();
    }

    private SizingPlan plan() {
        int better = betterBatchCommands();
        Paces larger = new Paces(layout.withBatchCommands(better), known, tasks);
        Pace streamPace = paces.of(command);
        SizingPlan.Copy copy = copy(streamPace, larger);
        SizingPlan.Stream stream = stream(streamPace, larger);
        return new SizingPlan(
                copy, stream, workers(better), log(copy.pace()), source(copy), !copy.fitsWindow() || !stream.keepsUp());
    }

    private SizingPlan.Copy copy(Pace streamPace, Paces larger) {
        Pace pace = paces.of(entry);
        double seconds = load.keys() == 0 ? 0 : known.copyStartSeconds() + load.keys() / pace.perSecond();
        double spare = streamPace.perSecond() - load.writesPerSecond();
        double catchUp = load.writesPerSecond() == 0 || seconds == 0
                ? 0
                : spare > 0 ? load.writesPerSecond() * seconds / spare : Double.POSITIVE_INFINITY;
        Duration window = request.aims().window();
        boolean fits = window == null || seconds + catchUp <= window.toMillis() / 1000.0;
        return new SizingPlan.Copy(pace, seconds, catchUp, ghostSeconds(), fits, larger.of(entry));
    }

    /** A thousand keys a SCAN, one SCAN after the other. */
    private double ghostSeconds() {
        return load.keys()
                * (known.scanMicrosAKey() + layout.destinationRoundTripMillis() * 1000 / KEYS_A_SCAN)
                / MICROS;
    }

    private SizingPlan.Stream stream(Pace pace, Paces larger) {
        double utilization = load.writesPerSecond() / pace.perSecond();
        return new SizingPlan.Stream(pace, utilization, lagMillis(utilization), larger.of(command));
    }

    /**
     * Half a round trip from the source; on the average half of the batch that is under way, then its own. A batch lasts a round
     * trip and what arrives during it.
     */
    private double lagMillis(double utilization) {
        if (utilization >= 1) {
            return Double.POSITIVE_INFINITY;
        }
        double busy = load.writesPerSecond()
                / tasks
                * (command.costs().sink() + command.serverMicros() / layout.destinationShards())
                / MICROS;
        double batch = layout.destinationRoundTripMillis() / Math.max(1 - busy, 1 - utilization);
        return known.idleLagMillis() / (1 - utilization) + layout.sourceRoundTripMillis() / 2 + batch;
    }

    /** With it, four fifths of a batch's time are work. */
    private int betterBatchCommands() {
        Paces.Exchange one = new Paces(layout.withBatchCommands(1), known, 1).exchange(entry);
        double work = one.sinkMicros() + one.destinationMicros();
        double commands = 4 * one.roundTripMicros() / work;
        if (commands <= layout.batchCommands()) {
            return layout.batchCommands();
        }
        int rounded = (int) (Math.ceil(commands / 1000) * 1000);
        return Math.max(layout.batchCommands(), Math.min(MOST_BATCH_COMMANDS, rounded));
    }

    private SizingPlan.Workers workers(int better) {
        int sourceTasks = Math.min(tasks, layout.sourceShards());
        double forCopy = copyGoal() * entry.costs().total() / MICROS;
        double forStream = load.writesPerSecond() * command.costs().total() / MICROS;
        double buffers = sourceTasks * known.sourceTaskBufferBytes()
                + layout.sourceShards() * known.shardBufferBytes()
                + tasks * known.sinkTaskBufferBytes();
        double heap = known.heapBaseBytes() + buffers * known.heapAByteOfBuffer() + load.keys() * known.heapAKeyBytes();
        return new SizingPlan.Workers(
                Math.max(forCopy, forStream) / FULL, heap / FULL, sourceTasks, tasks, paces.partitions(), better);
    }

    private SizingPlan.Log log(Pace copyPace) {
        Aims aims = request.aims();
        double copyRate = load.keys() == 0 ? 0 : copyPace.perSecond() * entry.logBytes();
        double streamRate = load.writesPerSecond() * command.logBytes();
        return new SizingPlan.Log(
                load.keys() * entry.logBytes() * aims.replicas(),
                streamRate * aims.retention().toSeconds() * aims.replicas(),
                Math.max(copyRate, streamRate) * aims.replicas());
    }

    private SizingPlan.Source source(SizingPlan.Copy copy) {
        double shards = layout.sourceShards();
        double writeBytes = load.writesPerSecond() * load.commandBytes() / shards;
        double send = sendSeconds(copy);
        double waiting = writeBytes * send;
        double held = load.keys() * (load.valueBytes() + known.redisKeyBytes()) / shards;
        double hard = Math.max(known.redisBufferLimitBytes(), wholeMiB(2 * waiting));
        return new SizingPlan.Source(
                send,
                Math.max(MIB, wholeMiB(1.5 * writeBytes * request.aims().blip().toSeconds())),
                hard,
                hard / 2,
                Math.min(held, load.writesPerSecond() / shards * send * PAGE),
                waiting,
                wholeMiB(1.2 * writeBytes * request.aims().outage().toSeconds()));
    }

    /** As fast as the link gives while it fits into the spool; a snapshot that does not is sent as fast as it is copied. */
    private double sendSeconds(SizingPlan.Copy copy) {
        if (load.keys() == 0) {
            return 0;
        }
        double snapshot = load.keys() * entry.wireBytes() / layout.sourceShards();
        double byLink = load.keys() / copy.pace().ceilings().get(Limit.SOURCE_LINK);
        double byServer = load.keys() * known.snapshotMicrosAKey() / MICROS / layout.sourceShards();
        return snapshot <= known.spoolBytes() ? Math.min(copy.seconds(), Math.max(byLink, byServer)) : copy.seconds();
    }

    private static double wholeMiB(double bytes) {
        return Math.ceil(bytes / MIB) * MIB;
    }
}
