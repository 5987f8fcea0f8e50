package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.source.config.SourceSettings;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** What Connect has stored of a source. */
final class StoredPositions {

    private StoredPositions() {}

    /**
     * The position of a shard, or null.
     *
     * @throws ConnectException when what is stored is none
     */
    static Position of(OffsetStorageReader offsets, SourceSettings settings, String shard) {
        Map<String, Object> stored =
                offsets.offset(RunningShard.partition(settings.capture().sourceName(), shard));
        try {
            return stored == null ? null : Position.fromMap(stored);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConnectException(
                    e.getMessage() + ". Delete the connector's offsets to begin with a full copy.", e);
        }
    }
}
