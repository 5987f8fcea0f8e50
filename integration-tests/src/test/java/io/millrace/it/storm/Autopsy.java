package io.millrace.it.storm;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalServer;
import io.millrace.verify.Difference;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is kept of a storm that failed: which side is at fault, and what the log holds of the keys that differ. */
final class Autopsy {

    private static final int KEYS = 8;

    private final Path directory;
    private final KafkaLog log;
    private final ReplicatedServer source;

    Autopsy(Path directory, KafkaLog log, ReplicatedServer source) {
        this.directory = directory;
        this.log = log;
        this.source = source;
    }

    /** Writes files into the directory; the line to print. */
    String write(VerifyReport comparison, List<String> journal) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("journal.txt"), journal);
        Files.writeString(directory.resolve("source.log"), source.master().log());
        if (comparison == null) {
            return replay() + "; see " + directory;
        }
        Files.write(directory.resolve("differences.txt"), comparison.lines());
        int n = 0;
        for (Difference difference : comparison.differences()) {
            if (n == KEYS || difference.database() < 0) {
                break;
            }
            List<String> lines = new ArrayList<>(List.of(difference.toString()));
            lines.addAll(KeyHistory.of(log, difference.database(), difference.key()));
            Files.write(directory.resolve("key-" + ++n + ".txt"), lines);
        }
        return replay() + "; see " + directory;
    }

    private String replay() throws IOException, InterruptedException {
        try (LogReplay replay = LogReplay.of(log)) {
            VerifyReport report = new KeyspaceComparison(
                            endpoint(source.port()), endpoint(replay.server().port()), VerifyOptions.defaults())
                    .run();
            List<String> lines = new ArrayList<>(report.lines());
            lines.addAll(replay.oddities());
            Files.write(directory.resolve("log-against-source.txt"), lines);
            return report.isEqual()
                    ? "the log equals the source, so the sink is at fault"
                    : "the log does not equal the source (" + report.differenceCount() + " keys)";
        }
    }

    private static RedisEndpoint endpoint(int port) {
        return RedisEndpoint.standalone(new Address(LocalServer.HOST, port));
    }
}
