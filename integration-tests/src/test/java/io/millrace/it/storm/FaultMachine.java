package io.millrace.it.storm;

import io.millrace.it.broker.BrokerProcess;
import io.millrace.it.storm.FaultKind.Target;
import io.millrace.it.storm.StormPlan.Strike;
import io.millrace.it.worker.WorkerProcess;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.TcpProxy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Strikes as the plan says: the faults of one target one after the other, those of different targets at the same time. */
final class FaultMachine implements AutoCloseable {

    private static final int LOAD_UNDER_OUTAGE = 10_000;
    private static final int LOAD_UNDER_LONG_OUTAGE = 20_000;

    /** What the disk has for the spool. */
    private static final long DISK_BYTES = 64 * 1024;

    private static final long SLOW_BYTES_A_SECOND = 60_000;
    private static final long SETTLE_NANOS = 20_000_000_000L;

    private final BrokerProcess broker;
    private final StormPipeline pipeline;
    private final ReplicatedServer source;
    private final StormDestination destination;
    private final Workload workload;
    private final Beats beats;
    private final Journal journal;
    private int struckFlowing;
    private final Map<Target, ExecutorService> threads = new EnumMap<>(Target.class);

    FaultMachine(
            BrokerProcess broker,
            StormPipeline pipeline,
            ReplicatedServer source,
            StormDestination destination,
            Workload workload,
            Beats beats,
            Journal journal) {
        this.broker = broker;
        this.pipeline = pipeline;
        this.source = source;
        this.destination = destination;
        this.workload = workload;
        this.beats = beats;
        this.journal = journal;
    }

    /** Returns when all is mended. */
    void run(StormPlan plan) throws InterruptedException {
        List<Future<?>> strikes = new ArrayList<>();
        for (Strike strike : plan.strikes()) {
            Pause.millis(strike.pauseMillis());
            if (strike.settled()) {
                awaitCurrent();
            }
            struckFlowing += beats.isCurrent() ? 1 : 0;
            strikes.add(threadOf(strike.kind().target()).submit(() -> strike(strike)));
        }
        for (Future<?> strike : strikes) {
            try {
                strike.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("A fault could not be carried out: " + e.getCause(), e.getCause());
            }
        }
    }

    /** A fault finds more where the one before is overcome; but some are to come on top of each other. */
    private void awaitCurrent() {
        long deadline = System.nanoTime() + SETTLE_NANOS;
        while (!beats.isCurrent() && System.nanoTime() < deadline) {
            Pause.millis(20);
        }
    }

    /** How many of the faults struck a pipeline that had overcome those before. */
    int struckFlowing() {
        return struckFlowing;
    }

    private ExecutorService threadOf(Target target) {
        return threads.computeIfAbsent(
                target,
                t -> Executors.newSingleThreadExecutor(r -> {
                    Thread thread = new Thread(r, "strike-" + t);
                    thread.setDaemon(true);
                    return thread;
                }));
    }

    private void strike(Strike strike) {
        journal.note("begins: " + strike.kind() + (strike.millis() == 0 ? "" : " for " + strike.millis() + " ms"));
        switch (strike.kind().target()) {
            case SOURCE -> strikeSource(strike);
            case SOURCE_LINK, BROKER_LINK, DESTINATION_LINK -> strikeLink(strike);
            case BROKER -> strikeBroker(strike);
            case WORKERS -> strikeWorkers(strike);
            case DESTINATION -> strikeDestination(strike);
        }
        journal.note("ends: " + strike.kind());
    }

    private void strikeSource(Strike strike) {
        switch (strike.kind()) {
            case SOURCE_KILLED -> {
                source.awaitReplica();
                source.promote();
            }
            case SOURCE_KILLED_REPLICA_BEHIND -> {
                source.awaitReplica();
                source.leaveReplicaBehind();
                Pause.millis(strike.millis());
                source.promote();
            }
            case SOURCE_RESTARTED -> source.master().restart();
            case SOURCE_HISTORY_CHANGED -> {
                source.master().command("DEBUG", "CHANGE-REPL-ID");
                source.master().command("CLIENT", "KILL", "TYPE", "replica");
            }
            default -> source.master().command("CLIENT", "KILL", "TYPE", "replica");
        }
    }

    private void strikeLink(Strike strike) {
        List<TcpProxy> proxies = switch (strike.kind().target()) {
            case SOURCE_LINK -> List.of(source.proxy());
            case BROKER_LINK -> List.of(broker.proxy());
            default -> destination.proxies(strike.choice() % destination.shards());
        };
        for (TcpProxy proxy : proxies) {
            switch (strike.kind()) {
                case SOURCE_LINK_CUT, BROKER_LINK_CUT, DESTINATION_LINK_CUT -> proxy.refuse();
                case SOURCE_LINK_STALLED, BROKER_LINK_STALLED, DESTINATION_LINK_STALLED -> proxy.stall();
                default -> proxy.slow(SLOW_BYTES_A_SECOND);
            }
        }
        Pause.millis(strike.millis());
        proxies.forEach(TcpProxy::pass);
    }

    private void strikeBroker(Strike strike) {
        switch (strike.kind()) {
            case BROKER_PAUSED -> {
                broker.pause();
                Pause.millis(strike.millis());
                broker.resume();
            }
            case BROKER_DOWN_UNDER_LOAD -> downUnderLoad(strike.millis(), LOAD_UNDER_OUTAGE);
            case BROKER_DOWN_A_MINUTE -> downUnderLoad(strike.millis(), LOAD_UNDER_LONG_OUTAGE);
            case SPOOL_DISK_FULL -> {
                WorkerProcess worker = runnerOf(pipeline.source(), strike);
                journal.note("disk full: " + worker.log());
                worker.limitFiles(DISK_BYTES);
                // A worker that finds no coordinator stops its tasks soon, and the spool with them.
                downUnderLoad(strike.millis(), LOAD_UNDER_LONG_OUTAGE);
                worker.unlimitFiles();
            }
            default -> {
                broker.kill9();
                Pause.millis(strike.millis());
                broker.start();
            }
        }
    }

    private void downUnderLoad(int millis, int load) {
        int rate = workload.rate();
        workload.rate(load);
        broker.kill9();
        Pause.millis(millis);
        workload.rate(rate);
        broker.start();
    }

    private void strikeWorkers(Strike strike) {
        ConnectWorkers workers = pipeline.workers();
        switch (strike.kind()) {
            case WORKER_ADDED_AND_REMOVED -> {
                WorkerProcess added = workers.launch().awaitReady();
                Pause.millis(strike.millis());
                workers.stop(added);
            }
            case SINK_WORKER_PAUSED -> {
                WorkerProcess zombie = runnerOf(pipeline.sink(), strike);
                journal.note("paused: " + zombie.log());
                zombie.pause();
                Pause.millis(strike.millis());
                zombie.resume();
            }
            default -> {
                boolean isSource = strike.kind() == FaultKind.SOURCE_WORKER_KILLED;
                WorkerProcess killed = runnerOf(isSource ? pipeline.source() : pipeline.sink(), strike);
                journal.note("killed: " + killed.log());
                workers.kill(killed);
                workers.launch();
            }
        }
    }

    /** While nobody knows, in a rebalance, any of them. */
    private WorkerProcess runnerOf(String connector, Strike strike) {
        List<WorkerProcess> running = pipeline.workers().running();
        return pipeline.workers().runnerOf(connector).orElseGet(() -> running.get(strike.choice() % running.size()));
    }

    private void strikeDestination(Strike strike) {
        int shard = strike.choice() % destination.shards();
        switch (strike.kind()) {
            case DESTINATION_KILLED -> destination.kill(shard, strike.millis());
            case DESTINATION_RESTARTED -> destination.restart(shard);
            case DESTINATION_FAILOVER_LOSING_WRITES -> destination.failOverLosingWrites(shard, strike.millis());
            case DESTINATION_FULL -> {
                LocalServer master = destination.master(shard);
                master.command("CONFIG", "SET", "maxmemory", 1);
                Pause.millis(strike.millis());
                master.command("CONFIG", "SET", "maxmemory", 0);
            }
            default -> destination.master(shard).command("CLIENT", "KILL", "TYPE", "normal");
        }
    }

    @Override
    public void close() {
        threads.values().forEach(ExecutorService::shutdownNow);
        source.proxy().pass();
        broker.proxy().pass();
        for (int shard = 0; shard < destination.shards(); shard++) {
            destination.proxies(shard).forEach(TcpProxy::pass);
        }
    }
}
