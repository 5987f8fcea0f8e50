package io.millrace.source.publish;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Position;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import io.millrace.codec.SnapshotHeader;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Makes records of changes that come in order, each with the position of the last unit that is complete with it. Owned by
 * the polling thread.
 */
final class RecordFactory {

    private final String topic;
    private final Map<String, String> sourcePartition;
    private final Acknowledgements acknowledgements;
    private final Units units;
    private final ChangeCodec codec = new ChangeCodec();

    RecordFactory(
            String topic, Map<String, String> sourcePartition, Position start, Acknowledgements acknowledgements) {
        this.topic = topic;
        // Not copied: Connect compares the bytes of its written form, in which the order of the entries counts.
        this.sourcePartition = sourcePartition;
        this.acknowledgements = acknowledgements;
        this.units = new Units(start);
    }

    TrackedRecord single(Change change) {
        units.pass(change);
        TrackedRecord record = record(
                ChangeSchemas.KEY, codec.key(change), ChangeSchemas.CHANGE, codec.single(change), change, change);
        mark(record, change);
        return record;
    }

    TrackedRecord batch(List<Change> changes) {
        for (Change change : changes) {
            units.pass(change);
        }
        Change first = changes.get(0);
        Origin origin = first.origin();
        Change last = changes.get(changes.size() - 1);
        TrackedRecord record = record(null, null, ChangeSchemas.BATCH, codec.batch(origin, changes), first, last);
        for (Change change : changes) {
            mark(record, change);
        }
        return record;
    }

    static void mark(TrackedRecord record, Change change) {
        if (change instanceof Mark) {
            SnapshotHeader.of(change)
                    .ifPresent(header -> record.headers().addString(SnapshotHeader.NAME, header.text()));
        }
    }

    private TrackedRecord record(
            Schema keySchema, Struct key, Schema valueSchema, Struct value, Change first, Change last) {
        return new TrackedRecord(
                sourcePartition,
                units.stored(),
                topic,
                0,
                keySchema,
                key,
                valueSchema,
                value,
                first.origin().capturedAt(),
                acknowledgements,
                acknowledgements.register(units.generation(), units.acknowledgeable()),
                units.mayEndWith(last));
    }
}
