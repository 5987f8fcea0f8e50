package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.connect.ConnectRest;
import io.millrace.cli.connect.ConnectorStatus;
import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.embedded.EmbeddedRuntime;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a Kafka and a Connect worker that are not its own: here those of this JVM. */
class OwnClusterIT {
    @TempDir
    Path directory;

    @Test
    void runsBothConnectorsThereAndLeavesThemAtWork() throws Exception {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalServer target = LocalServer.start(ServerVersion.standard());
                DataDirectory data = DataDirectory.open(directory);
                EmbeddedRuntime runtime = EmbeddedRuntime.start(data)) {
            try (RespClient client = source.connect()) {
                new Populator(client, 1).mixed(1_000);
            }
            String[] arguments = {
                "migrate",
                "--json",
                "--source",
                source.uri(),
                "--target",
                target.uri(),
                "--connect-url",
                runtime.connectUrl().toString(),
                "--bootstrap-servers",
                runtime.bootstrapServers(),
                "--name",
                "moving"
            };
            try (MillraceProcess watching = MillraceProcess.start(arguments)) {
                watching.awaitStream();
                watching.interrupt();
                assertThat(watching.awaitExit()).as(watching.toString()).isEqualTo(130);
            }
            // All but the sink's checkpoint.
            assertThat((List<?>) target.command("KEYS", "[^_]*")).hasSize(1_000);
            ConnectRest connect = new ConnectRest(runtime.connectUrl());
            assertThat(connect.status("moving-source").orElseThrow().isAll("RUNNING"))
                    .isTrue();
            assertThat(connect.status("moving-sink").map(ConnectorStatus::failure))
                    .contains(Optional.empty());
        }
    }
}
