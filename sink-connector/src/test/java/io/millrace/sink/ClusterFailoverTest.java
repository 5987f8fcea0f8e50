package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterFailoverTest {

    @Test
    void aMasterThatDiesIsReplacedAndWritingGoesOn() throws IOException {
        try (LocalCluster cluster = LocalCluster.of(ServerVersion.standard())
                        .replicas(1)
                        .config("cluster-node-timeout 1000")
                        .start();
                SinkDriver sink = new SinkDriver(SinkDriver.to(cluster), false)) {
            Feed feed = new Feed(1);
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 8000; i++) {
                changes.add(feed.command("SET", "k" + i % 3000, i));
            }
            sink.send(changes.subList(0, 3000), 50);
            sink.awaitApplied();
            cluster.masters().get(0).kill9();
            sink.send(changes.subList(3000, 8000), 50);
            sink.send(List.of(feed.command("FUNCTION", "FLUSH")), 1);
            sink.send(feed(feed, 8000, 9000), 50);
            sink.awaitApplied();

            Map<String, String> values = new HashMap<>();
            for (LocalServer node : cluster.nodes()) {
                if (node.isRunning() && isMaster(node)) {
                    try (RespClient client = node.connect()) {
                        for (Object key : (List<?>) client.call("KEYS", "*")) {
                            if (!text(key).startsWith("__millrace:")) {
                                values.put(text(key), text(client.call("GET", key)));
                            }
                        }
                    }
                }
            }
            assertThat(values).hasSize(3000);
            for (int i = 0; i < 3000; i++) {
                assertThat(values).containsEntry("k" + i, Integer.toString(6000 + i));
            }
        }
    }

    private static List<Change> feed(Feed feed, int from, int to) {
        List<Change> changes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            changes.add(feed.command("SET", "k" + i % 3000, i));
        }
        return changes;
    }

    private static boolean isMaster(LocalServer node) {
        return text(((List<?>) node.command("ROLE")).get(0)).equals("master");
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
