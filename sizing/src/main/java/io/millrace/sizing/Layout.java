package io.millrace.sizing;

/**
 * What moves it, and over which distance.
 *
 * @param sourceShards masters of the source; 1 for a single server
 * @param destinationShards masters of the destination
 * @param sourceRoundTripMillis between the worker and the source
 * @param destinationRoundTripMillis between the worker and the destination
 * @param megabitsPerSecond that the network gives to either side
 * @param cores of all workers together
 * @param tasks of each connector; 0 leaves it to the plan
 * @param batchCommands {@code batch.max.commands} of the sink connector
 */
public record Layout(
        int sourceShards,
        int destinationShards,
        double sourceRoundTripMillis,
        double destinationRoundTripMillis,
        double megabitsPerSecond,
        double cores,
        int tasks,
        int batchCommands) {

    public Layout {
        Require.positive("source shards", sourceShards);
        Require.positive("destination shards", destinationShards);
        Require.notNegative("the round trip to the source", sourceRoundTripMillis);
        Require.notNegative("the round trip to the destination", destinationRoundTripMillis);
        Require.positive("megabits a second", megabitsPerSecond);
        Require.positive("cores", cores);
        Require.notNegative("tasks", tasks);
        Require.positive("commands a batch", batchCommands);
    }

    /** A single server has one stream of commands with one order, and so one partition. */
    public boolean isOrderedAsOne() {
        return sourceShards == 1;
    }

    /** The same with another {@code batch.max.commands}. */
    public Layout withBatchCommands(int commands) {
        return new Layout(
                sourceShards,
                destinationShards,
                sourceRoundTripMillis,
                destinationRoundTripMillis,
                megabitsPerSecond,
                cores,
                tasks,
                commands);
    }

    /** The same with another number of tasks. */
    public Layout withTasks(int number) {
        return new Layout(
                sourceShards,
                destinationShards,
                sourceRoundTripMillis,
                destinationRoundTripMillis,
                megabitsPerSecond,
                cores,
                number,
                batchCommands);
    }
}
