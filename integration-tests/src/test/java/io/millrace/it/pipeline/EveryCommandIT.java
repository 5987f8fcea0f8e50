package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.workload.SampleGroup.Scope;
import io.millrace.it.workload.WorkloadRun;
import io.millrace.it.workload.WriteCommands;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every write command, executed on the source while the pipeline streams. */
@ExtendWith(WithSharedRuntime.class)
class EveryCommandIT {

    @ParameterizedTest
    @ValueSource(strings = {"single", "batch"})
    void everyCommandHasItsEffect(String grouping, SharedRuntime runtime) throws IOException {
        try (LocalServer source = Servers.start(Servers.newest());
                LocalServer destination = Servers.start(Servers.newest());
                LocalServer peer = Servers.start(Servers.newest());
                WorkloadRun run = new WorkloadRun(source, peer);
                Pipeline pipeline =
                        Pipeline.between(source, destination).grouping(grouping).start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            run.run(WriteCommands.catalogue()
                    .groups(Scope.FLUSHING, Scope.ONE_SLOT, Scope.SCATTERED, Scope.CROSS_SLOT, Scope.DATABASES));
            assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(140);
        }
    }

    @Test
    void aClusterTakesThemWhereverTheirKeysAre(SharedRuntime runtime) throws IOException {
        try (LocalServer source = Servers.start(Servers.newest());
                LocalCluster destination = LocalCluster.start(Servers.newest());
                LocalServer peer = Servers.start(Servers.newest());
                WorkloadRun run = new WorkloadRun(source, peer);
                Pipeline pipeline = Pipeline.between(source, destination)
                        .grouping("batch")
                        .withSink("cross.slot", "copy")
                        .start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            run.run(WriteCommands.catalogue()
                    .groups(Scope.FLUSHING, Scope.ONE_SLOT, Scope.SCATTERED, Scope.CROSS_SLOT));
            assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(100);
        }
    }
}
