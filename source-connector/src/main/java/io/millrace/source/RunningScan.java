package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.client.NodeConnector;
import io.millrace.slot.SlotPartitions;
import io.millrace.slot.SlotSet;
import io.millrace.source.cluster.ClusterWatch;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.Lane;
import io.millrace.source.publish.Publisher;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/** Copies by SCAN that run, or are complete: of a server, or of shards of a cluster. */
final class RunningScan implements CaptureRun {

    private static final long POLL_MILLIS = 500;

    private final ChangeQueue queue;
    private final Publisher publisher;
    private final List<ScannedShard> shards;

    /** Null unless the source is a cluster. */
    private final ClusterWatch watch;

    private final Thread watching;

    private RunningScan(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        this.queue = queue(settings);
        ScannedShard shard = new ScannedShard(
                RunningSource.SHARD, settings, stored, ScanSites.of(MasterFinder.of(settings)), null, queue, 0, clock);
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
    }

    private RunningScan(
            SourceSettings settings,
            Map<String, SlotSet> shares,
            Map<String, Position> stored,
            TransactionContext transactions,
            Clock clock) {
        this.queue = queue(settings);
        this.watch = new ClusterWatch(
                new NodeConnector(settings.endpoint()), settings.capture().sourceName(), stored);
        this.watching = RunningShard.daemon(watch, "millrace-source-watch-" + settings.connector());
        List<ScannedShard> prepared = new ArrayList<>();
        new TreeMap<>(shares).forEach((name, share) -> {
            Position position = stored.get(name);
            SlotSet begun = ScanShares.stored(position);
            SlotSet own = begun == null ? share : begun;
            ScanSites sites = new ShardSites(
                    name, watch, settings.capture().readFrom(), own, begun == null ? null : position.holdings());
            prepared.add(new ScannedShard(name, settings, position, sites, own, queue, prepared.size(), clock));
        });
        this.shards = List.copyOf(prepared);
        this.publisher = Publisher.ofShards(
                queue,
                settings.records().style(),
                settings.capture().topic(),
                shards.stream().map(ScannedShard::lane).toList(),
                new SlotPartitions(settings.capture().partitions()),
                transactions);
    }

    private static ChangeQueue queue(SourceSettings settings) {
        return new ChangeQueue(settings.queue().maxChanges(), settings.queue().maxBytes());
    }

    /**
     * Begins, goes on, or does nothing when the scan of this position is complete.
     *
     * @param stored the position that Connect has, or null
     */
    static RunningScan start(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        return started(new RunningScan(settings, stored, transactions, clock));
    }

    /**
     * The same for each of some shards of a cluster.
     *
     * @param shares the slots that each shard's scan answers for, unless its position says so
     * @param stored the positions that Connect has, of the shards of other tasks, too
     */
    static RunningScan start(
            SourceSettings settings,
            Map<String, SlotSet> shares,
            Map<String, Position> stored,
            TransactionContext transactions,
            Clock clock) {
        return started(new RunningScan(settings, shares, stored, transactions, clock));
    }

    private static RunningScan started(RunningScan running) {
        if (running.watching != null && !running.isComplete()) {
            running.watching.start();
        }
        running.shards.forEach(ScannedShard::start);
        return running;
    }

    private boolean isComplete() {
        return shards.stream().allMatch(shard -> shard.status().is(SourceStatus.Phase.COMPLETE));
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        if (watch != null && isComplete()) {
            watch.close(); // nobody asks any more
        }
        return publisher.poll(POLL_MILLIS);
    }

    @Override
    public void acknowledged(SourceRecord record) {
        publisher.acknowledged(record);
    }

    @Override
    public SourceStatusMXBean status() {
        return shards.get(0).status();
    }

    @Override
    public List<SourceStatusMXBean> statuses() {
        return shards.stream().<SourceStatusMXBean>map(ScannedShard::status).toList();
    }

    @Override
    public void close() {
        queue.close();
        shards.forEach(ScannedShard::end);
        if (watch != null) {
            watch.close();
        }
        shards.forEach(ScannedShard::close);
    }
}
