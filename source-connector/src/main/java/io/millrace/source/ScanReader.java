package io.millrace.source;

import io.millrace.change.Holdings;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.SlotSet;
import io.millrace.source.assemble.EntryWriter;
import io.millrace.source.assemble.ScanAssembler;
import io.millrace.source.assemble.TooLargeException;
import io.millrace.source.config.ResyncPolicy;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.link.LinkException;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.RunWriter;
import io.millrace.source.rdb.ValueDecoder;
import io.millrace.source.scan.KeyReader;
import io.millrace.source.scan.ScanPlace;
import io.millrace.source.scan.ScannedServer;
import io.millrace.source.scan.UnreadableKeyException;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a server by SCAN: once, and from where it was when it was interrupted. Runs on a thread of its own; {@link #close}
 * may be called by any.
 */
final class ScanReader implements Runnable, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ScanReader.class);

    /** How often, in keys and in time, a mark says how far the scan is. */
    private static final long MARK_KEYS = 5_000;

    private static final long MARK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SourceSettings settings;
    private final NodeConnector nodes;
    private final ScanSites sites;
    private final ChangeQueue queue;
    private final SourceStatus status;
    private final Origins origins;
    private final RunWriter writer;
    private final ScanAssembler assembler;
    private final int partBytes;
    private final Retry retry;
    private final CountDownLatch stop = new CountDownLatch(1);

    private int generation;
    private String scanId;

    /** Where to go on; null to begin. */
    private ScanPlace place;

    /** Whether the count of keys is that of the whole scan. */
    private boolean whole;

    private volatile ScannedServer current;

    /**
     * Prepares to read.
     *
     * @param sites where
     * @param lane its place among the shards of the task
     * @param generation of the stored position, or 0
     * @param scanId of the stored position, or null
     * @param place of the stored position, or null to begin with a new generation
     */
    ScanReader(
            SourceSettings settings,
            String shard,
            ScanSites sites,
            int lane,
            int generation,
            String scanId,
            ScanPlace place,
            ChangeQueue queue,
            SourceStatus status,
            Clock clock) {
        this.settings = settings;
        this.nodes = new NodeConnector(settings.endpoint());
        this.sites = sites;
        this.queue = queue;
        this.status = status;
        this.origins = new Origins(shard, settings.capture().tags(), clock);
        this.writer = new RunWriter(queue, lane);
        ValueDecoder decoder = new ValueDecoder();
        EntryWriter entries = new EntryWriter(
                settings.capture().entryFormat(),
                (key, payload) -> decoder.decode(payload).orElse(null),
                settings.records().maxBytes());
        this.partBytes = entries.limits().part();
        this.assembler = new ScanAssembler(origins::of, entries, writer);
        this.retry = new Retry(settings.retry());
        this.generation = generation;
        this.scanId = scanId;
        this.place = place;
    }

    @Override
    public void run() {
        try {
            boolean complete = false;
            while (!complete && stop.getCount() > 0) {
                complete = attempt();
            }
        } catch (InterruptedException e) {
            if (stop.getCount() > 0) {
                fail(e);
            }
        } catch (IOException | RuntimeException | Error e) {
            // Also for an Error: the polling side would wait for ever.
            if (stop.getCount() > 0) {
                fail(e);
            }
        }
    }

    /** Whether all is read; false when another attempt may help. */
    private boolean attempt() throws IOException, InterruptedException {
        Address address = null;
        try {
            ScanSites.Site site = sites.next();
            address = site.address();
            Node node = nodes.open(address);
            try (ScannedServer server = new ScannedServer(node)) {
                current = server;
                sites.opened(node);
                return scan(server, site);
            }
        } catch (RedisFailureException e) {
            if (stop.getCount() > 0) {
                writer.flush(generation, RunWriter.UNKNOWN);
                failed(address);
                waitAfter(e.getMessage(), e.failure().isRetryable(), isConnection(e.kind()), e);
            }
        } catch (LinkException e) {
            failed(address);
            waitAfter(e.getMessage(), e.retriable(), !(e instanceof LinkException.NoCredentials), e);
        } finally {
            current = null;
        }
        return false;
    }

    private void failed(Address address) {
        if (address != null) {
            sites.failed(address);
        }
    }

    /** Whether nothing is left to be scanned elsewhere. */
    private boolean scan(ScannedServer server, ScanSites.Site site) throws IOException, InterruptedException {
        Address address = site.address();
        SortedMap<Integer, Long> databases = server.databases();
        if (site.home() && place != null && !server.id().equals(scanId)) {
            startAnew(address);
        }
        if (place == null) {
            begin(server, address, databases);
        } else {
            origins.begin(generation, scanId);
            status.history(generation, scanId);
            status.phase(SourceStatus.Phase.SNAPSHOT);
            if (site.home()) {
                log.info("Going on with the scan of {} in database {}.", address, place.db());
            }
        }
        KeyReader reader = new KeyReader(server, assembler, partBytes, site.scope());
        Marks marks = new Marks(site.home());
        ScanPlace from = site.home() ? place : ScanPlace.START;
        for (int db : databases.tailMap(from.db()).keySet()) {
            ScanPlace at = db == from.db() ? from : new ScanPlace(db, 0);
            do {
                at = reader.page(at);
                if (at.cursor() != 0) {
                    marks.passed(at);
                }
                retry.succeeded();
            } while (at.cursor() != 0);
            // SCAN ends where it begins, so that only the next database says that this one is done.
            marks.passed(new ScanPlace(db + 1, 0));
        }
        if (!sites.read(site)) {
            whole = false;
            if (site.home()) {
                marks.say();
            }
            return false;
        }
        complete(address);
        return true;
    }

    private void complete(Address address) throws InterruptedException {
        assembler.complete(whole ? assembler.keys() : -1);
        writer.flush(generation, 0);
        place = null;
        status.snapshotRead(assembler.keys(), 0, assembler.changes());
        status.phase(SourceStatus.Phase.COMPLETE);
        log.info("The scan of {} is complete: {} keys. Changes are not followed.", address, assembler.keys());
    }

    private void startAnew(Address address) throws SourceFailure {
        String reason = address + " was restarted, or is another server, since the scan began: its cursor means nothing"
                + " there.";
        if (settings.capture().resyncPolicy() == ResyncPolicy.FAIL) {
            throw new SourceFailure(reason
                    + " resync.policy=fail forbids a new copy: set it to resync, or delete the connector's offsets.");
        }
        log.warn("{} The scan begins anew, as generation {}.", reason, generation + 1);
        place = null;
    }

    private void begin(ScannedServer server, Address address, SortedMap<Integer, Long> databases)
            throws IOException, InterruptedException {
        generation++;
        scanId = server.id();
        whole = assembler.keys() == 0;
        origins.begin(generation, scanId);
        status.history(generation, scanId);
        long keys = databases.containsValue(-1L)
                ? -1
                : databases.values().stream().mapToLong(Long::longValue).sum();
        status.snapshotBegins(keys, -1, 0);
        log.info("Scanning {}, generation {}.", address, generation);
        sites.begins();
        String reason = generation == 1 ? "There is no stored position." : "The scan begins anew.";
        Holdings holdings = sites.holdings();
        SortedMap<Long, SlotSet> claims = sites.claims();
        if (holdings == null) {
            assembler.begin(keys, reason, server.details(), null, 0);
        } else {
            status.slots(holdings.own());
            assembler.begin(keys, reason, server.details(), holdings.own(), claims.firstKey());
            for (Map.Entry<Long, SlotSet> later :
                    claims.tailMap(claims.firstKey() + 1).entrySet()) {
                assembler.claim(later.getValue(), later.getKey(), holdings);
            }
        }
        for (byte[] code : server.functions()) {
            assembler.function(code);
        }
        place = ScanPlace.START;
    }

    /** Says how far the scan is: often enough for a restart, seldom enough to cost nothing. */
    private final class Marks {

        private final boolean home;
        private long keys = assembler.keys();
        private long at = System.nanoTime();

        Marks(boolean home) {
            this.home = home;
        }

        void passed(ScanPlace next) throws InterruptedException {
            place = home ? next : place;
            if (assembler.keys() - keys >= MARK_KEYS || System.nanoTime() - at >= MARK_NANOS) {
                say();
            }
            status.snapshotRead(assembler.keys(), 0, assembler.changes());
        }

        /** Elsewhere than at home there is no place to go on from: what is said again is where that was left. */
        void say() throws InterruptedException {
            assembler.passed(place.db(), Long.toUnsignedString(place.cursor()), sites.holdings());
            writer.flush(generation, RunWriter.UNKNOWN);
            keys = assembler.keys();
            at = System.nanoTime();
        }
    }

    private void waitAfter(String sentence, boolean retriable, boolean connection, Exception e)
            throws IOException, InterruptedException {
        if (!retriable) {
            throw new SourceFailure(sentence);
        }
        long millis = retry.next(connection, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        if (millis < 0) {
            throw new SourceFailure(sentence + " Tried for "
                    + retry.window(connection).toSeconds() + " s ("
                    + (connection ? "retry.connection.ms" : "retry.other.ms")
                    + "); restart the task when it is mended.");
        }
        status.failed(sentence);
        status.phase(SourceStatus.Phase.RECONNECTING);
        log.warn("{} Trying again in {} ms.", sentence, millis);
        log.debug("The scan was interrupted.", e);
        if (stop.await(millis, TimeUnit.MILLISECONDS)) {
            log.debug("Stopped while waiting for another attempt.");
        }
    }

    private static boolean isConnection(Kind kind) {
        return switch (kind) {
            case CONNECTION, TIMEOUT, TOO_MANY_CLIENTS, LOADING, MASTERDOWN, NO_MASTER, CLUSTERDOWN -> true;
            default -> false;
        };
    }

    private void fail(Throwable e) {
        boolean known = e instanceof SourceFailure
                || e instanceof TooLargeException
                || e instanceof UnreadableKeyException
                || e instanceof RedisFailureException;
        String sentence = known ? e.getMessage() : "The source task met an error that it does not know: " + e;
        status.failed(sentence);
        status.phase(SourceStatus.Phase.FAILED);
        queue.fail(new ConnectException(sentence, e));
    }

    @Override
    public void close() {
        stop.countDown();
        ScannedServer server = current;
        if (server != null) {
            server.close();
        }
    }
}
