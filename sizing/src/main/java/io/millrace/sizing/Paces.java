package io.millrace.sizing;

import java.util.EnumMap;
import java.util.Map;

/** The rate of one kind of work: each part's ceiling, of which the lowest counts. */
final class Paces {
    private static final double MICROS = 1e6;

    private final Layout layout;
    private final Coefficients known;
    private final int tasks;

    Paces(Layout layout, Coefficients known, int tasks) {
        this.layout = layout;
        this.known = known;
        this.tasks = tasks;
    }

    Pace of(Work work) {
        Map<Limit, Double> ceilings = new EnumMap<>(Limit.class);
        StageCosts costs = work.costs();
        int sourceTasks = Math.min(tasks, layout.sourceShards());
        ceilings.put(Limit.SOURCE_LINK, linkBytes() / work.wireBytes());
        ceilings.put(
                Limit.SOURCE_THREADS,
                Math.min(
                        layout.sourceShards() * MICROS / Math.max(costs.link(), costs.source()),
                        sourceTasks * MICROS / costs.sourceTask()));
        ceilings.put(Limit.CORES, layout.cores() * MICROS / costs.total());
        ceilings.put(Limit.KAFKA, partitions() * known.partitionBytesPerSecond() / work.logBytes());
        Exchange exchange = exchange(work);
        ceilings.put(
                Limit.SINK_THREADS,
                Math.min(
                        tasks * MICROS / costs.sinkTask(),
                        exchange.limit() == Limit.SINK_THREADS ? exchange.perSecond(tasks) : Double.MAX_VALUE));
        ceilings.put(
                Limit.DESTINATION,
                Math.min(
                        Math.min(
                                layout.destinationShards() * MICROS / work.serverMicros(),
                                networkBytes() / work.wireBytes()),
                        exchange.limit() == Limit.DESTINATION ? exchange.perSecond(tasks) : Double.MAX_VALUE));
        ceilings.put(
                Limit.ROUND_TRIP,
                exchange.limit() == Limit.ROUND_TRIP
                        ? exchange.perSecond(tasks)
                        : tasks * exchange.commands() * MICROS / Math.max(1, exchange.roundTripMicros()));
        return Pace.of(ceilings);
    }

    /** The sink sends a batch, and the next when all of it is answered. */
    Exchange exchange(Work work) {
        double commands =
                Math.max(1, Math.min(layout.batchCommands(), known.batchBytes() / Math.max(1, work.wireBytes())));
        double roundTrip = layout.destinationRoundTripMillis() * 1000;
        double lineMicros = work.wireBytes() * MICROS / Math.min(networkBytes(), window(roundTrip));
        return new Exchange(
                commands,
                roundTrip,
                commands * work.costs().sink(),
                commands * Math.max(work.serverMicros() / layout.destinationShards(), lineMicros));
    }

    /** One after the other, as the answers are awaited; all times of one batch in microseconds. */
    record Exchange(double commands, double roundTripMicros, double sinkMicros, double destinationMicros) {
        double micros() {
            return roundTripMicros + sinkMicros + destinationMicros;
        }

        double perSecond(int tasks) {
            return tasks * commands * MICROS / micros();
        }

        Limit limit() {
            if (roundTripMicros >= sinkMicros && roundTripMicros >= destinationMicros) {
                return Limit.ROUND_TRIP;
            }
            return sinkMicros >= destinationMicros ? Limit.SINK_THREADS : Limit.DESTINATION;
        }
    }

    int partitions() {
        return layout.isOrderedAsOne() ? 1 : Math.max(known.clusterPartitions(), tasks);
    }

    /** Of all shards' links together. */
    private double linkBytes() {
        return Math.min(networkBytes(), layout.sourceShards() * window(layout.sourceRoundTripMillis() * 1000));
    }

    private double networkBytes() {
        return layout.megabitsPerSecond() * MICROS / 8;
    }

    /** What TCP lets through on one connection: a window for each round trip. */
    private double window(double roundTripMicros) {
        return known.tcpWindowBytes() * MICROS / Math.max(roundTripMicros, 1);
    }
}
