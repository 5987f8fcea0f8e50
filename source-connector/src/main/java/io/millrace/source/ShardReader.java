package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.client.ClusterNodes;
import io.millrace.endpoint.SocketOpener;
import io.millrace.source.assemble.ChangeOutput;
import io.millrace.source.assemble.CommandDictionary;
import io.millrace.source.assemble.CommandSplitter;
import io.millrace.source.assemble.EntryWriter;
import io.millrace.source.assemble.KeyCopies;
import io.millrace.source.assemble.UnitAssembler;
import io.millrace.source.cluster.Capture;
import io.millrace.source.cluster.Handover;
import io.millrace.source.cluster.MustCopyException;
import io.millrace.source.cluster.SlotGate;
import io.millrace.source.config.ResyncPolicy;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.link.LinkSettings;
import io.millrace.source.link.ReplicaLink;
import io.millrace.source.link.SyncStart;
import io.millrace.source.publish.Acknowledgements;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.RunWriter;
import io.millrace.source.rdb.ValueDecoder;
import io.millrace.source.spool.Spools;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one shard: connects, continues or takes a full copy, follows the stream, and does so again when the connection is
 * lost, from the last unit that it has read. Runs on a thread of its own; {@link #close} may be called by any.
 */
final class ShardReader implements Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ShardReader.class);

    private final String shard;
    private final SourceSettings settings;
    private final CurrentLink current;
    private final SourceInquiry inquiry;
    private final ChangeQueue queue;
    private final Acknowledgements acknowledgements;

    /** Null unless the shard is one of a cluster. */
    private final SlotGate gate;

    private final SourceStatus status;
    private final Spools spools;
    private final String linkName;
    private final Origins origins;
    private final RunWriter writer;
    private final Heartbeats heartbeats;
    private final UnitAssembler assembler;
    private final SnapshotPhase snapshot;
    private final StreamPhase stream;
    private final Retry retry;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Where this task is to go on, until it has; null for a full copy. */
    private Position stored;

    /** Whether the assembler stands somewhere to continue from. */
    private boolean started;

    /** Why there must be a full copy although there is a position, or null. */
    private String mustCopy;

    /** Whether the server that took over is asked to go on behind the last change. */
    private boolean stepBack;

    private String replicationId;

    private final CertainOffsets certain = new CertainOffsets();
    private volatile int generation;

    /**
     * Prepares to read.
     *
     * @param shard the shard's name
     * @param start the position that Connect has stored, or null for none
     * @param lane its place among the shards of the task
     * @param handover how slots pass between the shards of a cluster; null for a standalone source
     * @param finder asked before each attempt; the inquiry then asks the same server
     */
    ShardReader(
            String shard,
            SourceSettings settings,
            Position start,
            ChangeQueue queue,
            int lane,
            Acknowledgements acknowledgements,
            SourceStatus status,
            Spools spools,
            MasterFinder finder,
            SourceInquiry inquiry,
            Handover handover,
            Clock clock) {
        this.shard = shard;
        this.settings = settings;
        this.stored = start == null || start.inSnapshot() ? null : start;
        this.inquiry = inquiry;
        this.queue = queue;
        this.acknowledgements = acknowledgements;
        this.status = status;
        this.spools = spools;
        this.linkName = settings.connector() + "-" + shard;
        this.origins = new Origins(shard, settings.capture().tags(), clock);
        this.writer = new RunWriter(queue, lane);
        this.heartbeats = new Heartbeats(writer, settings.capture().heartbeat());
        this.gate =
                handover == null ? null : new SlotGate(shard, handover, heartbeats, heartbeats::passed, this::flush);
        ChangeOutput out = gate == null ? heartbeats : gate;
        LinkSettings link =
                LinkSettings.DEFAULT.withCredentials(settings.endpoint().credentials());
        this.current =
                new CurrentLink(finder, new SocketOpener(settings.endpoint()), link, inquiry, this::acknowledged);
        ValueDecoder decoder = new ValueDecoder();
        EntryWriter entries = new EntryWriter(
                settings.capture().entryFormat(),
                (key, payload) -> decoder.decode(payload).orElse(null),
                settings.records().maxBytes());
        this.assembler = new UnitAssembler(
                new CommandDictionary(inquiry.commandTable(), inquiry::learnCommands),
                new CommandSplitter(settings.records().maxBytes()),
                new KeyCopies(entries),
                out);
        this.snapshot =
                new SnapshotPhase(entries, origins, status, out, gate == null ? task -> {} : gate::snapshotImports);
        this.stream = new StreamPhase(assembler, origins, heartbeats, writer, status, gate);
        this.retry = new Retry(settings.retry());
        this.generation = start == null ? 0 : start.generation();
        this.replicationId = start == null ? null : start.replicationId();
        if (gate != null && stored != null) {
            if (stored.holdings() == null) {
                mustCopy = "The stored position does not say which slots it is of.";
            } else {
                gate.resume(stored.holdings());
            }
        }
    }

    @Override
    public void run() {
        try {
            spools.check();
            while (stop.getCount() > 0) {
                attempt();
            }
        } catch (InterruptedException e) {
            if (stop.getCount() > 0) {
                fail(e);
            }
        } catch (IOException | RuntimeException | Error e) {
            // Also for an Error: the polling side would wait for ever.
            fail(e);
        }
    }

    /** Returns when another attempt may help; throws when none can. */
    private void attempt() throws IOException, InterruptedException {
        long before = started ? assembler.unitEnd() : RunWriter.UNKNOWN;
        int generationBefore = generation;
        try (ReplicaLink opened = current.open(announced())) {
            if (stop.getCount() == 0) {
                return;
            }
            read(opened);
        } catch (RemovedShardException e) {
            removed(e);
        } catch (MustCopyException e) {
            mustCopy = e.getMessage();
            status.failed(mustCopy);
        } catch (IOException e) {
            if (stop.getCount() > 0) {
                boolean ended = current.wasEndedForItsLogin();
                long now = started ? assembler.unitEnd() : RunWriter.UNKNOWN;
                writer.flush(generation, now);
                assembler.lost();
                if (started && (now > before || generation != generationBefore)) {
                    retry.succeeded();
                }
                if (ended) {
                    log.info("Connecting to {} again, because the login of the link runs out.", current.address());
                    return;
                }
                current.failed();
                waitAfter(e);
            }
        } finally {
            current.ended();
        }
    }

    private void removed(RemovedShardException e) throws InterruptedException {
        if (started && !assembler.isTorn()) {
            stream.leave();
        }
        status.phase(SourceStatus.Phase.REMOVED);
        log.info("{} Nothing of it is left to read.", e.getMessage());
        stop.countDown();
    }

    /** By which others find the link at the master: it says which generation is read over it. */
    private String announced() {
        boolean goesOn = (started || stored != null) && mustCopy == null;
        return gate == null
                ? null
                : Handover.announced(settings.capture().sourceName(), shard, goesOn ? generation : generation + 1);
    }

    /** What Kafka has, as the source may hear it. Any thread. */
    private long acknowledged() {
        return certain.of(acknowledgements.acknowledged(generation));
    }

    private void read(ReplicaLink opened) throws IOException, InterruptedException {
        boolean known = started || stored != null;
        if (known && mustCopy != null) {
            allow(mustCopy, "");
        }
        ClusterNodes.Member before = gate == null ? null : inquiry.member();
        long from = started ? (stepBack ? lastChange() : assembler.unitEnd()) : known ? stored.offset() : 0;
        SyncStart answer = opened.sync(known && mustCopy == null ? replicationId : null, from);
        try (SpooledLink spooled = new SpooledLink(
                opened, answer, LinkSettings.DEFAULT.limits(), spools.open(), "millrace-link-" + linkName)) {
            if (!synchronise(spooled, answer, known, from, before)) {
                return;
            }
            status.phase(SourceStatus.Phase.STREAM);
            current.streams();
            stream.read(spooled);
        }
    }

    /** False when the history that was given is not one to go on in: another attempt asks for a full copy. */
    private boolean synchronise(
            SpooledLink opened, SyncStart answer, boolean known, long from, ClusterNodes.Member before)
            throws IOException, InterruptedException {
        if (answer instanceof SyncStart.Continued continued) {
            return goOn(continued, from);
        }
        String reason = generation == 0
                ? "There is no stored position."
                : "The snapshot of generation " + generation + " was not complete.";
        if (mustCopy != null) {
            reason = mustCopy;
        } else if (known) {
            if (started
                    && !stepBack
                    && lastChange() < from
                    && RefusedContinuation.lacksNoChange(replicationId, lastChange(), from, inquiry.info())) {
                log.info("{} has all changes, not all else: going on behind the last change.", current.address());
                stepBack = true;
                return false;
            }
            if (current.hasAnother()) {
                log.info("{} cannot continue behind {} of {}; another may.", current.address(), from, replicationId);
                current.failed();
                return false;
            }
            RefusedContinuation refused =
                    RefusedContinuation.of(current.address(), replicationId, from, answer, inquiry.info());
            reason = refused.reason();
            if (gate != null && settings.capture().resyncPolicy() != ResyncPolicy.FAIL) {
                mustCopy = reason + " " + refused.remedy(); // over a link that says so
                return false;
            }
            allow(reason, refused.remedy());
        }
        copy(opened, answer, reason, before);
        return true;
    }

    private void allow(String reason, String remedy) throws SourceFailure {
        if (settings.capture().resyncPolicy() == ResyncPolicy.FAIL) {
            throw new SourceFailure(reason + " resync.policy=fail forbids a full copy: set it to resync, or delete the"
                    + " connector's offsets. " + remedy);
        }
        log.warn("{} A full copy begins, as generation {}. {}", reason, generation + 1, remedy);
    }

    private long lastChange() {
        long read = assembler.unitEnd();
        return assembler.isTorn() ? read : heartbeats.lastChange(read);
    }

    private boolean goOn(SyncStart.Continued continued, long from) throws InterruptedException {
        boolean failedOver = !continued.replId().equals(replicationId);
        if (failedOver && started && assembler.isTorn()) {
            // A block at the same offset of the new history may be another one.
            mustCopy = "The source failed over in the middle of a transaction of which a part is published.";
            return false;
        }
        stepBack = false;
        replicationId = continued.replId();
        origins.begin(generation, replicationId);
        if (started) {
            long read = assembler.unitEnd();
            int db = from < read ? heartbeats.changeDb() : assembler.unitEndDb();
            if (failedOver && from < read) {
                certain.steppedBack(from, read);
            }
            assembler.resume(origins.refresh(), from, db);
        } else {
            assembler.begin(origins.refresh(), stored.offset(), stored.db());
            heartbeats.begin(assembler.origin(), stored.offset(), stored.db());
            started = true;
        }
        status.history(generation, replicationId);
        String since = failedOver ? ", which is new since a failover" : "";
        log.info(
                "Continuing {} behind offset {} of the history {}{}.",
                current.address(),
                assembler.unitEnd(),
                replicationId,
                since);
        if (failedOver) {
            // The old id serves only up to the failover: the stored position needs the new one.
            heartbeats.mark(assembler.origin(), assembler.unitEnd(), assembler.unitEndDb());
        }
        return true;
    }

    /** @param before what the shard said of itself before it was asked for the copy; null for a standalone source */
    private void copy(SpooledLink opened, SyncStart full, String reason, ClusterNodes.Member before)
            throws IOException, InterruptedException {
        // What was known is of the generation before: a copy that breaks off is begun anew, never continued.
        started = false;
        stored = null;
        mustCopy = null;
        stepBack = false;
        certain.all();
        int next = generation + 1;
        generation = next;
        replicationId = full.replId();
        origins.begin(generation, replicationId);
        status.history(generation, replicationId);
        if (gate != null) {
            // What it served before and behind the moment that the snapshot is of is whole in it. The epoch is that of
            // before: it may have got another since, for slots that came while one of these had a new owner already.
            gate.begin(before.slots().intersect(inquiry.member().slots()), before.epoch());
        }
        log.info("Copying {} as of offset {}, generation {}.", current.address(), full.offset(), generation);
        stream.add(snapshot.read(opened, full.offset(), inquiry.keys(), reason, stream.changes()));
        assembler.begin(origins.refresh(), full.offset(), 0);
        heartbeats.begin(assembler.origin(), full.offset(), 0);
        started = true;
        log.info("The copy of {} is complete: {} keys.", current.address(), status.getSnapshotKeysRead());
    }

    private void waitAfter(IOException e) throws IOException, InterruptedException {
        long millis = retry.after(e, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        status.failed(e.getMessage());
        status.phase(SourceStatus.Phase.RECONNECTING);
        log.warn("{} Trying again in {} ms.", e.getMessage(), millis);
        boolean stopped = stop.await(millis, TimeUnit.MILLISECONDS);
        log.debug("Waited for another attempt at {}{}.", current.address(), stopped ? ", and was stopped" : "");
    }

    private void fail(Throwable e) {
        String sentence =
                e instanceof IOException ? e.getMessage() : "The source task met an error that it does not know: " + e;
        status.failed(sentence);
        status.phase(SourceStatus.Phase.FAILED);
        queue.fail(new ConnectException(sentence, e));
    }

    /** The link that it has now, if any. Any thread. */
    CurrentLink link() {
        return current;
    }

    /** Before a wait for another shard: what was read before is to get to Kafka meanwhile. */
    private void flush() throws InterruptedException {
        writer.flush(generation, started ? assembler.unitEnd() : RunWriter.UNKNOWN);
    }

    /** The shard of a cluster as the others see it. */
    Capture capture(String shard) {
        return new ShardCapture(
                shard, gate, () -> generation, this::acknowledged, () -> status.is(SourceStatus.Phase.REMOVED));
    }

    /** The slots of a cluster that are the shard's; null for a standalone source, and before the first copy. Any thread. */
    SlotGate gate() {
        return gate;
    }

    @Override
    public void close() {
        stop.countDown();
        current.close();
    }
}
