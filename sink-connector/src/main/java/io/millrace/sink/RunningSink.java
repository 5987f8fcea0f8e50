package io.millrace.sink;

import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Topology;
import io.millrace.sink.apply.AbortSignal;
import io.millrace.sink.apply.AtLeastOnce;
import io.millrace.sink.apply.ClusterOnce;
import io.millrace.sink.apply.DeliveryStrategy;
import io.millrace.sink.apply.OutageReport;
import io.millrace.sink.apply.RetryWindows;
import io.millrace.sink.apply.SessionParts;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.apply.StandaloneOnce;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.ResumePoint;
import io.millrace.sink.config.DeliverySemantics;
import io.millrace.sink.config.SinkSettings;
import io.millrace.sink.plan.ExpiryDeferral;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sink at work on the partitions of one assignment. Connect's thread calls it; one thread of its own plans and applies.
 * What is not applied when it closes is delivered again to the next one.
 */
final class RunningSink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunningSink.class);
    private static final long CLOSE_MILLIS = 15_000;
    private static final long GRACE_MILLIS = 3_000;

    private final Set<TopicPartition> partitions;
    private final Inbox inbox;
    /** Where reading was set to, until the first record has come; belongs to Connect's thread. */
    private final Map<TopicPartition, ResumePoint> awaited = new HashMap<>();

    private final OffsetLedger ledger = new OffsetLedger();
    private final AbortSignal abort = new AbortSignal();
    private final ExpirySettling settling;
    private final ApplyLoop loop;
    private final Thread thread;

    private RunningSink(SinkSettings settings, Set<TopicPartition> partitions, Refusals refusals, SinkStatus status) {
        this.partitions = Set.copyOf(partitions);
        SessionParts parts = new SessionParts(
                new NodeConnector(settings.endpoint()),
                settings.connector(),
                settings.apply(),
                refusals,
                new RetryWindows(settings.apply()),
                abort,
                new OutageReport(status::state),
                RunningSink::millis);
        DeliveryStrategy delivery = delivery(settings, parts);
        this.inbox = new Inbox(
                settings.batch().bufferChanges(), settings.batch().bufferBytes(), !delivery.decidesWhereToRead());
        status.watch(inbox);
        ExpiryDeferral expiries = new ExpiryDeferral(settings.plan().expiries(), System::currentTimeMillis);
        this.settling = new ExpirySettling(settings, expiries, status);
        this.loop = new ApplyLoop(settings, inbox, ledger, refusals, parts, delivery, expiries, status);
        this.thread = new Thread(loop, "millrace-sink-" + settings.connector() + "-" + settings.task());
        this.thread.setDaemon(true);
    }

    private DeliveryStrategy delivery(SinkSettings settings, SessionParts parts) {
        Set<LogPartition> log = partitions.stream()
                .map(partition -> new LogPartition(partition.topic(), partition.partition()))
                .collect(Collectors.toSet());
        if (settings.delivery() == DeliverySemantics.AT_LEAST_ONCE) {
            return new AtLeastOnce(parts, log);
        }
        return settings.endpoint().topology() == Topology.CLUSTER
                ? new ClusterOnce(parts, log)
                : new StandaloneOnce(parts, log);
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }

    /** @param partitions all that the task has */
    static RunningSink start(
            SinkSettings settings, Set<TopicPartition> partitions, Refusals refusals, SinkStatus status) {
        RunningSink sink = new RunningSink(settings, partitions, refusals, status);
        sink.thread.start();
        sink.settling.start();
        return sink;
    }

    Set<TopicPartition> partitions() {
        return partitions;
    }

    /**
     * Where partitions must be read from now, because a session has begun; empty when nothing is to be changed. To be asked
     * before records are put: those of these partitions that are in hand belong to nothing any more.
     */
    Map<TopicPartition, Long> seeks() {
        Map<LogPartition, Checkpoint> begun = inbox.takeBegun();
        if (begun == null || begun.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, ResumePoint> points = new HashMap<>();
        ledger.resumePoints().forEach((partition, offset) -> points.put(partition, new ResumePoint(offset, Map.of())));
        begun.forEach((partition, checkpoint) -> {
            if (checkpoint.resume() != null) {
                points.put(new TopicPartition(partition.topic(), partition.number()), checkpoint.resume());
            }
        });
        points.values().removeIf(point -> point.offset() < 0);
        points.forEach((partition, point) -> ledger.restart(partition, point.offset()));
        awaited.putAll(points);
        Map<TopicPartition, Long> seeks = new HashMap<>();
        points.forEach((partition, point) -> seeks.put(partition, point.firstToRead()));
        return seeks;
    }

    /** Takes a record. It does not wait: see {@link #awaitRoom}. */
    void put(Delivery delivery) {
        RecordTicket ticket = delivery.ticket();
        ResumePoint resume = awaited.remove(new TopicPartition(ticket.topic(), ticket.partition()));
        if (resume != null && ticket.offset() < resume.offset()) {
            if (ticket.offset() != resume.firstToRead()) {
                throw madeAnew(
                        ticket, resume, "the topic ends before: Kafka has begun again at offset " + ticket.offset());
            }
            if (ticket.timestamp() != resume.before()) {
                throw madeAnew(
                        ticket,
                        resume,
                        "the record at offset " + ticket.offset() + " is not the one that was applied: its time is "
                                + ticket.timestamp() + " and not " + resume.before());
            }
            return;
        }
        if (ledger.accept(ticket)) {
            inbox.put(delivery);
        }
    }

    private static ConnectException madeAnew(RecordTicket ticket, ResumePoint resume, String how) {
        return new ConnectException("The destination's checkpoint says that " + ticket.logPartition()
                + " is applied up to offset " + resume.offset() + ", and " + how
                + ". It seems to have been deleted and made anew. Stop the connector and set its offsets (PATCH or DELETE"
                + " /connectors/<name>/offsets), which sets the checkpoint too.");
    }

    /** Waits until more can be taken or the time is over; true when it can. */
    boolean awaitRoom(long millis) throws InterruptedException {
        return inbox.awaitRoom(millis);
    }

    /** Waits until everything taken is applied or the time is over. */
    boolean awaitApplied(long millis) throws InterruptedException {
        return inbox.awaitEmpty(millis);
    }

    /** Why it cannot go on; null while it can. */
    SinkFailure failure() {
        return loop.failure();
    }

    Map<TopicPartition, Long> committable() {
        return ledger.committable();
    }

    /** Where the partitions must be read from again if this sink ends now. */
    Map<TopicPartition, Long> resumePoints() {
        return ledger.resumePoints();
    }

    /** Ends at once; when it returns, nothing more is sent. What was in flight may or may not have been applied. */
    @Override
    public void close() {
        inbox.close();
        abort.raise();
        settling.close();
        try {
            thread.join(GRACE_MILLIS);
            loop.cut();
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn(
                    "The destination has not answered for {} s while the task stops. Commands sent to it before may still be"
                            + " applied.",
                    TimeUnit.MILLISECONDS.toSeconds(CLOSE_MILLIS));
        }
    }
}
