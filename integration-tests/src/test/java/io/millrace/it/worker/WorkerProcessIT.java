package io.millrace.it.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.it.worker.WorkerProcess.Release;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that ends is not waited for, and what it logged last is said. */
class WorkerProcessIT {

    @Test
    void aWorkerThatEndsIsNotWaitedFor(@TempDir Path directory) {
        Map<String, String> wrong = Map.of("offset.flush.interval.ms", "soon");
        try (WorkerProcess worker =
                WorkerProcess.launch(Release.KAFKA_4_3, "127.0.0.1:1", directory, directory.resolve("worker"), wrong)) {
            assertThatThrownBy(worker::awaitReady)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("has ended: KAFKA_4_3, exit status 2")
                    .hasMessageContaining("offset.flush.interval.ms");
        }
    }
}
