package io.millrace.source.config;

import io.millrace.config.Finding;
import io.millrace.source.spool.SpoolDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/**
 * Bounds of what the link has read and the parsers have not, for each shard.
 *
 * @param directory where the files are
 * @param memoryBytes in memory
 * @param maxBytes in files; 0 for none
 */
public record SpoolSettings(Path directory, long memoryBytes, long maxBytes) {

    public static final String DIRECTORY = "spool.directory";
    public static final String MEMORY_BYTES = "spool.memory.bytes";
    public static final String MAX_BYTES = "spool.max.bytes";

    private static final String GROUP = "Spool";

    static void addTo(ConfigDef def) {
        def.define(
                MEMORY_BYTES,
                Type.LONG,
                16L * 1024 * 1024,
                ConfigDef.Range.between(1024 * 1024, 1L << 40),
                Importance.LOW,
                "How many bytes of the source's stream may wait in memory when Kafka takes changes more slowly than the"
                        + " source makes them. Beyond that they go to files.",
                GROUP,
                1,
                Width.SHORT,
                "Spool memory");
        def.define(
                MAX_BYTES,
                Type.LONG,
                1024L * 1024 * 1024,
                ConfigDef.Range.between(0, 1L << 50),
                Importance.MEDIUM,
                "How many bytes of the source's stream may wait in files beside those in memory, so that the source need not"
                        + " keep them while Kafka is slow or away. 0 for no files. When the spool is full, the source keeps"
                        + " the rest in its output buffer for replicas.",
                GROUP,
                2,
                Width.SHORT,
                "Spool size");
        def.define(
                DIRECTORY,
                Type.STRING,
                "",
                ConfigDef.LambdaValidator.with(
                        (name, value) -> directory((String) value), () -> "a directory on each worker"),
                Importance.MEDIUM,
                "Where the spool's files are, on the worker that runs the task; several tasks may share it. The files have no"
                        + " names while they are in use and vanish with the process. Empty takes the worker's"
                        + " java.io.tmpdir.",
                GROUP,
                3,
                Width.LONG,
                "Spool directory");
    }

    private static Path directory(String value) {
        try {
            return Path.of(value.isEmpty() ? System.getProperty("java.io.tmpdir") : value);
        } catch (InvalidPathException e) {
            throw new ConfigException(DIRECTORY, value, "is no path: " + e.getReason());
        }
    }

    static SpoolSettings of(AbstractConfig config) {
        return new SpoolSettings(
                directory(config.getString(DIRECTORY)), config.getLong(MEMORY_BYTES), config.getLong(MAX_BYTES));
    }

    /**
     * Tries the directory on this worker. Whether it has room for {@code spool.max.bytes} is looked at only where the size
     * or the directory was chosen: a worker with little space in its temporary directory still serves a source.
     *
     * @param values the parsed values by key
     * @param given the properties as they were given
     */
    static List<Finding> liveFaults(Map<String, Object> values, Map<String, String> given) {
        long wanted = (Long) values.get(MAX_BYTES);
        Path directory = directory((String) values.get(DIRECTORY));
        if (wanted == 0) {
            return List.of();
        }
        if (!given.getOrDefault(DIRECTORY, "").isEmpty() || Files.isDirectory(directory)) {
            var fault = SpoolDirectory.fault(directory);
            if (fault.isPresent()) {
                return List.of(new Finding(fault.get(), DIRECTORY));
            }
        }
        return given.containsKey(MAX_BYTES) || given.containsKey(DIRECTORY) ? room(directory, wanted) : List.of();
    }

    private static List<Finding> room(Path directory, long wanted) {
        try {
            long room = SpoolDirectory.room(directory);
            return room >= wanted
                    ? List.of()
                    : List.of(new Finding(
                            directory + " has room for " + room + " bytes on this worker and " + MAX_BYTES + " is "
                                    + wanted + ": lower it, or name a directory with more room.",
                            MAX_BYTES,
                            DIRECTORY));
        } catch (IOException e) {
            return List.of(new Finding(
                    "The room in " + directory + " is not known (" + e.getMessage() + "): name another directory.",
                    DIRECTORY));
        }
    }
}
