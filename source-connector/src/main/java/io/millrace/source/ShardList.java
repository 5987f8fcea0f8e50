package io.millrace.source;

import io.millrace.source.config.SourceSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * The names of a cluster's shards, as Connect stores them beside the shards' positions. A position is found by its shard's
 * name alone, and that is the id of a node that may have left the cluster while nobody looked.
 */
record ShardList(String sourceName, List<String> names) {

    /** In the place of a shard's name. */
    static final String SHARD = "*";

    private static final String VERSION = "v";
    private static final String SHARDS = "shards";

    ShardList {
        names = names.stream().sorted().toList();
    }

    /** What Connect has stored; without names where there is nothing. */
    static ShardList stored(OffsetStorageReader offsets, SourceSettings settings) {
        String source = settings.capture().sourceName();
        Map<String, Object> offset = offsets.offset(new ShardList(source, List.of()).partition());
        return new ShardList(source, offset == null ? List.of() : names(offset));
    }

    /** None where the map is not what {@link #offset} makes. */
    static List<String> names(Map<String, ?> offset) {
        return offset.get(SHARDS) instanceof String text && !text.isEmpty() ? List.of(text.split(",")) : List.of();
    }

    /** The key under which Connect stores it. */
    Map<String, String> partition() {
        return RunningShard.partition(sourceName, SHARD);
    }

    /** What Connect stores under it. */
    Map<String, Object> offset() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(VERSION, 1L);
        map.put(SHARDS, String.join(",", names));
        return Collections.unmodifiableMap(map);
    }
}
