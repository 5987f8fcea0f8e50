package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.workload.LoadWriter;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-over from snapshot to stream, with writes before, during and after it that show any gap and any doubling. */
@ExtendWith(WithSharedRuntime.class)
class SnapshotUnderWritesIT {

    private static final int KEYS = 100_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsLostOrDoubledAtTheHandOver(boolean diskless, SharedRuntime runtime) throws IOException {
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .disklessReplication(diskless)
                        .start();
                LocalServer destination = LocalServer.start(ServerVersion.standard())) {
            try (RespClient client = source.connect()) {
                new Populator(client, 3).mixed(KEYS);
            }
            try (LoadWriter building = LoadWriter.start(source, LoadWriter.Kind.BUILDING, 1);
                    LoadWriter stating = LoadWriter.start(source, LoadWriter.Kind.STATING, 2);
                    Pipeline pipeline = Pipeline.between(source, destination)
                            .grouping("batch")
                            .start(runtime.rest())) {
                pipeline.awaitCaughtUp();
                building.close();
                stating.close();
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(KEYS);
            }
        }
    }
}
