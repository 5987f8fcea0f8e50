package io.millrace.sizing;

/**
 * One item on its way: a key of the copy, or a command of the stream.
 *
 * @param costs of a worker, microseconds
 * @param serverMicros what a destination server needs to apply it
 * @param wireBytes on the link from the source and on the link to the destination
 * @param logBytes in Kafka, one replica
 */
record Work(StageCosts costs, double serverMicros, double wireBytes, double logBytes) {

    static Work entry(Workload load, Coefficients known) {
        double bytes = load.valueBytes();
        return new Work(
                costs(known.entry(), bytes, load.grouping(), known),
                known.serverEntryMicros() + bytes * known.serverNanosAByte() / 1000,
                bytes + known.entryWireBytes(),
                bytes + logOverhead(load.grouping(), known));
    }

    static Work command(Workload load, Coefficients known) {
        double bytes = load.commandBytes();
        return new Work(
                costs(known.command(), bytes, load.grouping(), known),
                known.serverCommandMicros() + bytes * known.serverNanosAByte() / 1000,
                bytes,
                bytes + logOverhead(load.grouping(), known));
    }

    private static StageCosts costs(StageCosts base, double bytes, Grouping grouping, Coefficients known) {
        StageCosts costs = base.plus(known.byteNanos(), bytes / 1000);
        return grouping == Grouping.SINGLE ? costs.plus(known.single(), 1) : costs;
    }

    private static double logOverhead(Grouping grouping, Coefficients known) {
        return grouping == Grouping.SINGLE ? known.singleLogBytes() : known.batchLogBytes();
    }
}
