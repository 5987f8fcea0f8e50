package io.millrace.cli.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a data directory says about the migration that it belongs to, in {@code migration.json}: between which addresses, and
 * whether it is finished. It is written before the first key reaches the target, so that the next run knows that the keys
 * there are its own.
 *
 * @param finished true when a copy with {@code --full-only} came to its end
 */
public record MigrationRecord(String source, String target, boolean finished) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "migration.json";

    /** Empty when no migration has begun there. */
    public static Optional<MigrationRecord> read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            return Optional.of(new MigrationRecord(
                    node.path("source").asText(),
                    node.path("target").asText(),
                    node.path("finished").asBoolean()));
        } catch (IOException e) {
            throw new Failure(
                    "The file " + file + " cannot be read (" + e.getClass().getSimpleName()
                            + "); remove the data directory to begin anew, or name another one with --data-dir.");
        }
    }

    public void write(Path directory) {
        Path file = directory.resolve(FILE);
        ObjectNode node = JSON.createObjectNode();
        node.put("source", source);
        node.put("target", target);
        node.put("finished", finished);
        try {
            Path next = directory.resolve(FILE + ".next");
            Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Failure("The file " + file + " cannot be written (" + e.getMessage()
                    + "); free some space, or name another place with --data-dir.");
        }
    }

    /** @throws Failure when the directory belongs to another pair of addresses */
    void requireSame(MigrationRecord other, Path directory) {
        if (!source.equals(other.source) || !target.equals(other.target)) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "The data directory " + directory + " belongs to the migration from " + source + " to " + target
                            + "; name another one with --data-dir.");
        }
    }

    MigrationRecord asFinished() {
        return new MigrationRecord(source, target, true);
    }
}
