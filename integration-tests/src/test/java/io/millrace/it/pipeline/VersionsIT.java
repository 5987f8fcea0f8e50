package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.workload.SampleGroup.Scope;
import io.millrace.it.workload.WorkloadRun;
import io.millrace.it.workload.WriteCommands;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A full pass for each server version: every type in the snapshot, then every command in the stream. */
@ExtendWith(WithSharedRuntime.class)
class VersionsIT {

    @ParameterizedTest
    @EnumSource
    void everyTypeAndEveryCommand(ServerVersion version, SharedRuntime runtime) throws IOException {
        try (LocalServer source = Servers.start(version);
                LocalServer destination = Servers.start(version);
                LocalServer peer = Servers.start(version);
                WorkloadRun run = new WorkloadRun(source, peer)) {
            run.run(WriteCommands.catalogue().groups(Scope.FLUSHING));
            try (RespClient client = source.connect()) {
                new Populator(client, 6).everyType();
            }
            try (Pipeline pipeline =
                    Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(400);
                run.run(WriteCommands.catalogue()
                        .groups(Scope.ONE_SLOT, Scope.SCATTERED, Scope.CROSS_SLOT, Scope.DATABASES));
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(500);
            }
        }
    }
}
