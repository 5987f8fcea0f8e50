package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.slot.SlotPartitions;
import io.millrace.source.cluster.ClusterWatch;
import io.millrace.source.cluster.Handover;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.Lane;
import io.millrace.source.publish.Publisher;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/**
 * A source that runs: for each of its shards a reading thread, the queue, and the polling side. {@link #poll} belongs to
 * Connect's task thread, {@link #acknowledged} may come from any, {@link #close} from any.
 */
final class RunningSource implements CaptureRun {

    /** A standalone source has one shard. */
    static final String SHARD = "0";

    private static final long POLL_MILLIS = 500;

    private final ChangeQueue queue;
    private final Publisher publisher;
    private final List<RunningShard> shards;

    /** Null for a standalone source. */
    private final ClusterWatch watch;

    private final Thread watching;

    /** Null for a standalone source, whose one partition every topic has. */
    private final PartitionWait partitions;

    /** The key under which Connect stores the position of a standalone source. */
    static Map<String, String> partition(String sourceName) {
        return RunningShard.partition(sourceName, SHARD);
    }

    private final Thread guarding;

    private RunningSource(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        this.queue =
                new ChangeQueue(settings.queue().maxChanges(), settings.queue().maxBytes());
        Address server = settings.endpoint().firstAddress();
        RunningShard shard =
                new RunningShard(SHARD, settings, stored, queue, 0, MasterFinder.of(settings), server, null, clock);
        this.shards = List.of(shard);
        Lane lane = shard.lane();
        this.publisher = new Publisher(
                queue,
                settings.records().style(),
                settings.capture().topic(),
                lane.sourcePartition(),
                lane.start(),
                lane.acknowledgements(),
                transactions);
        this.watch = null;
        this.watching = null;
        this.partitions = null;
        this.guarding = null;
    }

    private RunningSource(
            SourceSettings settings,
            List<String> names,
            Map<String, Position> stored,
            ShardList toStore,
            TransactionContext transactions,
            Clock clock) {
        this.queue =
                new ChangeQueue(settings.queue().maxChanges(), settings.queue().maxBytes());
        this.watch = new ClusterWatch(
                new NodeConnector(settings.endpoint()), settings.capture().sourceName(), stored);
        this.watching = RunningShard.daemon(watch, "millrace-source-watch-" + settings.connector());
        this.partitions =
                new PartitionWait(settings.capture().topic(), settings.capture().partitions());
        this.guarding = RunningShard.daemon(partitions, "millrace-source-partitions-" + settings.connector());
        Handover handover = new Handover(watch, settings.capture().sourceName());
        List<RunningShard> prepared = new ArrayList<>();
        for (String name : names) {
            RunningShard shard = new RunningShard(
                    name,
                    settings,
                    stored.get(name),
                    queue,
                    prepared.size(),
                    new ShardMaster(name, watch),
                    settings.endpoint().firstAddress(),
                    handover,
                    clock);
            watch.captured(shard.reader().capture(name));
            prepared.add(shard);
        }
        this.shards = List.copyOf(prepared);
        Lane.Note note = toStore == null ? null : new Lane.Note(toStore.partition(), toStore.offset());
        this.publisher = Publisher.ofShards(
                queue,
                settings.records().style(),
                settings.capture().topic(),
                shards.stream().map(shard -> shard.lane().with(note)).toList(),
                new SlotPartitions(settings.capture().partitions()),
                transactions);
    }

    /**
     * Starts reading a standalone source; does not wait for it.
     *
     * @param stored the position that Connect has, or null
     * @param transactions null unless this connector sets the boundaries of Kafka transactions
     */
    static RunningSource start(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        return started(new RunningSource(settings, stored, transactions, clock));
    }

    /**
     * Starts reading shards of a cluster; does not wait for it.
     *
     * @param names the shards of this task
     * @param stored the positions that Connect has, of the shards of other tasks, too
     * @param toStore the names of all shards, if Connect does not have them yet; else null
     */
    static RunningSource start(
            SourceSettings settings,
            List<String> names,
            Map<String, Position> stored,
            ShardList toStore,
            TransactionContext transactions,
            Clock clock) {
        return started(new RunningSource(settings, names, stored, toStore, transactions, clock));
    }

    private static RunningSource started(RunningSource running) {
        try {
            if (running.watching != null) {
                running.watching.start();
                running.guarding.start();
            }
            running.shards.forEach(RunningShard::start);
            return running;
        } catch (RuntimeException | Error e) {
            running.close();
            throw e;
        }
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        if (partitions == null) {
            return publisher.poll(POLL_MILLIS);
        }
        String failure = partitions.cameBack();
        if (failure != null) {
            throw new ConnectException(failure);
        }
        List<SourceRecord> records = publisher.poll(POLL_MILLIS);
        partitions.gave(records);
        return records;
    }

    @Override
    public void acknowledged(SourceRecord record) {
        publisher.acknowledged(record);
        if (partitions != null) {
            partitions.took(record);
        }
        for (RunningShard shard : shards) {
            shard.reader().link().acknowledgedMore();
        }
    }

    /** Of a standalone source, or of the first shard of a task. */
    @Override
    public SourceStatusMXBean status() {
        return shards.get(0).status();
    }

    /** Of every shard of the task, in their order. */
    @Override
    public List<SourceStatusMXBean> statuses() {
        return shards.stream().<SourceStatusMXBean>map(RunningShard::status).toList();
    }

    /** Ends the links and waits for the reading threads. */
    @Override
    public void close() {
        // First they are told, so that what they wait for may end without being a failure to them.
        shards.forEach(RunningShard::end);
        queue.close();
        if (watch != null) {
            watch.close();
            partitions.close();
        }
        shards.forEach(RunningShard::close);
    }
}
