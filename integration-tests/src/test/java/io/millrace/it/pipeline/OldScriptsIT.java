package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A source that replicates scripts as they are: once with EVAL, then by their digest. */
@ExtendWith(WithSharedRuntime.class)
class OldScriptsIT {

    private static final String SCRIPT = "redis.call('INCRBY',KEYS[1],ARGV[1]) redis.call('RPUSH',KEYS[2],ARGV[1])";

    @Test
    void scriptsRunInAClusterThatForgetsThem(SharedRuntime runtime) throws IOException {
        ServerVersion old = ServerVersion.REDIS_6_0;
        assumeThat(old.available()).as(old.unavailableMessage()).isPresent();
        try (LocalServer source =
                        LocalServer.of(old).config("lua-replicate-commands no").start();
                LocalCluster destination = LocalCluster.start(ServerVersion.standard());
                RespClient client = source.connect();
                Pipeline pipeline = Pipeline.between(source, destination)
                        .grouping("batch")
                        .withSink("cross.slot", "copy")
                        .start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            Object digest = client.call("SCRIPT", "LOAD", SCRIPT);
            for (int i = 0; i < 30; i++) {
                client.call("EVALSHA", digest, 2, "{t" + i + "}n", "{t" + i + "}l", i);
                client.call("EVALSHA", digest, 2, "n" + i % 5, "l" + i % 7, i);
                client.call("EVAL", "return redis.call('APPEND',KEYS[1],'x')", 1, "text" + i % 3);
            }
            assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(70);
            assertThat(new String((byte[]) source.command("INFO", "commandstats"), StandardCharsets.US_ASCII))
                    .contains("cmdstat_evalsha:calls=60");
            destination.masters().forEach(master -> master.command("SCRIPT", "FLUSH"));
            runtime.rest().restart(pipeline.sinkConnector());
            client.call("MULTI");
            client.call("EVALSHA", digest, 2, "n0", "l0", 100);
            client.call("EVALSHA", digest, 2, "n1", "l2", 100);
            client.call("EXEC");
            pipeline.assertEqualKeyspaces();
        }
    }
}
