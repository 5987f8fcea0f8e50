package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.RedisFailure;
import io.millrace.recopy.DirtyMark;
import io.millrace.sink.apply.RefusedCommands;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.UnsupportedPolicy;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a change that cannot be applied: it goes to Connect's error reporter where there is one, alone, and not the
 * batch it came in; else the task stops. Either way one message says which change it is, why, and what to do.
 */
final class Refusals implements RefusedCommands {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** So many changes that lose something are named in the log; all are counted and noted. */
    private static final int MOST_NAMED = 1000;

    private final ErrantRecordReporter reporter;
    private final SinkStatus status;
    private final ChangeCodec codec = new ChangeCodec();
    private BiConsumer<Change, DirtyMark> dirty = (change, mark) -> {};
    private Predicate<Change> differs = change -> false;
    private int named;

    /** @param reporter null when the connector has none ({@code errors.tolerance} with a dead letter queue or a log) */
    Refusals(ErrantRecordReporter reporter, SinkStatus status) {
        this.reporter = reporter;
        this.status = status;
    }

    /** Whoever notes the keys of what is refused, on the thread that applies. */
    void watch(DirtyKeys keys, UnsupportedPolicy policy) {
        dirty = keys::refused;
        differs = policy == UnsupportedPolicy.FAIL ? change -> false : keys::differs;
    }

    @Override
    public void refused(PlannedCommand command, Address node, RedisFailure failure) {
        String reply = failure.detail().isEmpty() ? failure.kind().what() : failure.detail();
        String what = "The destination " + node + " refused " + command.name()
                + place(command.change(), command.ticket())
                + ": " + sentence(reply) + " "
                + failure.kind().nextStep();
        if (failure.kind().disposition() == Disposition.FATAL) {
            throw new SinkFailure(what);
        }
        if (differs.test(command.change())) {
            // What was left out before is missing now: the key is noted already, and the user has agreed.
            leftOut(
                    command.change(),
                    command.ticket(),
                    command.name().text(),
                    "After what was left out before: " + reply);
            return;
        }
        settle(command.change(), command.ticket(), command.name().text(), reply, what);
    }

    /** A change that the planner has no form for. */
    void refused(Change change, Ticket ticket, String command, String reason) {
        settle(change, ticket, command, reason, command + place(change, ticket) + " cannot be applied. " + reason);
    }

    /** A change that is applied without a part of itself ({@code unsupported.values=degrade}). */
    void degraded(Change change, Ticket ticket, String command, String reason) {
        status.degraded();
        without(change, ticket, command, reason, "is applied without it");
    }

    /** A change that is left out ({@code unsupported.values=skip}, or nothing of it can exist). */
    void leftOut(Change change, Ticket ticket, String command, String reason) {
        status.leftOut();
        without(change, ticket, command, reason, "is left out");
    }

    private void without(Change change, Ticket ticket, String command, String reason, String what) {
        dirty.accept(change, mark(change, ticket, command, reason));
        if (named++ < MOST_NAMED) {
            LOG.warn("{}{} {}. {} See millrace dirty for all such keys.", command, place(change, ticket), what, reason);
        }
    }

    @Override
    public void skipped(PlannedCommand command, RedisFailure failure) {
        status.skipped();
        LOG.debug(
                "{}{} is there already: {}",
                command.name(),
                place(command.change(), command.ticket()),
                failure.detail());
    }

    @Override
    public void refusedBefore(String sentence) {
        if (reporter == null) {
            throw new SinkFailure(
                    "The sink has stopped before, and stays so until somebody decides. What follows the refused"
                            + " changes in their batch was applied, and they are not tried again. Mend their keys by hand, then restart"
                            + " the task once with errors.tolerance=all. What was refused: " + sentence);
        }
        LOG.warn("Going on after what was refused before, as errors.tolerance allows it. {}", sentence);
        status.refused(sentence);
    }

    private void settle(Change change, Ticket ticket, String command, String reason, String message) {
        if (reporter == null) {
            throw new SinkFailure(message
                    + " To report such changes and go on, set errors.tolerance=all with errors.deadletterqueue.topic.name or"
                    + " errors.log.enable=true.");
        }
        status.refused(message);
        dirty.accept(change, mark(change, ticket, command, reason));
        try {
            // Connect waits for the report before it commits the record's offset.
            Future<Void> reported = reporter.report(record(change, ticket), new RefusedChangeException(message));
            LOG.trace("reported: {}", reported);
        } catch (ConnectException e) {
            throw new SinkFailure(message, e);
        }
    }

    private static DirtyMark mark(Change change, Ticket ticket, String command, String reason) {
        return new DirtyMark(
                change.origin().shard(),
                change.origin().generation(),
                change.offset(),
                ticket.toString(),
                command,
                reason);
    }

    private SinkRecord record(Change change, Ticket ticket) {
        SinkRecord original = ((RecordTicket) ticket).record();
        if (original != null && ((RecordTicket) ticket).changes() == 1) {
            return original;
        }
        return new SinkRecord(
                ticket.topic(),
                ticket.partition(),
                change instanceof Mark ? null : ChangeSchemas.KEY,
                change instanceof Mark ? null : codec.key(change),
                ChangeSchemas.CHANGE,
                codec.single(change),
                ticket.offset(),
                // Connect's reporters take no record without them.
                ticket.timestamp(),
                ticket.timestamp() < 0 ? TimestampType.NO_TIMESTAMP_TYPE : TimestampType.CREATE_TIME);
    }

    private static String sentence(String reply) {
        return reply.endsWith(".") ? reply : reply + ".";
    }

    private static String place(Change change, Ticket ticket) {
        byte[] key = change.key();
        return (key == null ? "" : " of key " + EscapedBytes.of(key)) + " (database " + change.db() + ", record "
                + ticket
                + ", source shard " + change.origin().shard() + ", generation "
                + change.origin().generation() + ", offset " + change.offset() + ")";
    }
}
