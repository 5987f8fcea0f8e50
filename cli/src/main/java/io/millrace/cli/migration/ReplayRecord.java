package io.millrace.cli.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A replay that has begun in a data directory and has not come to its end, in {@code replay.json}: the same command goes on
 * with it, another one begins anew. A migration that goes on ends it.
 *
 * @param request what was asked for, as the options say it
 * @param from first offset of each {@code topic-partition}
 * @param end first offset that is not part of it
 * @param endsThere true when nothing at the end or after it may be applied
 */
public record ReplayRecord(String request, Map<String, Long> from, Map<String, Long> end, boolean endsThere) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "replay.json";

    public ReplayRecord {
        from = Map.copyOf(from);
        end = Map.copyOf(end);
    }

    /** Empty when there is none. */
    public static Optional<ReplayRecord> read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            return Optional.of(new ReplayRecord(
                    node.path("request").asText(),
                    offsets(node.path("from")),
                    offsets(node.path("end")),
                    node.path("endsThere").asBoolean()));
        } catch (IOException e) {
            throw failure(file, "read", e);
        }
    }

    public void write(Path directory) {
        Path file = directory.resolve(FILE);
        ObjectNode node = JSON.createObjectNode();
        node.put("request", request);
        from.forEach(node.putObject("from")::put);
        end.forEach(node.putObject("end")::put);
        node.put("endsThere", endsThere);
        try {
            Path next = directory.resolve(FILE + ".next");
            Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure(file, "written", e);
        }
    }

    public static void remove(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure(file, "removed", e);
        }
    }

    private static Failure failure(Path file, String what, IOException e) {
        return new Failure("The file " + file + " cannot be " + what + " (" + e.getMessage()
                + "); make the data directory writable and run the same command again.");
    }

    private static Map<String, Long> offsets(JsonNode node) {
        Map<String, Long> offsets = new HashMap<>();
        node.fields()
                .forEachRemaining(
                        field -> offsets.put(field.getKey(), field.getValue().asLong()));
        return offsets;
    }
}
