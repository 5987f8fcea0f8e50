package io.millrace.source.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.ClusterNodes;
import io.millrace.endpoint.Address;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardNamesTest {

    private static final String OLD = "a".repeat(40);
    private static final String NEW = "b".repeat(40);
    private static final String OTHER = "c".repeat(40);
    private static final String HISTORY = "1".repeat(40);
    private static final String NEXT_HISTORY = "2".repeat(40);

    private final ShardNames names = new ShardNames();

    private static String node(String id, int port, String role, String slots) {
        return id + " 127.0.0.1:" + port + "@1" + port + " " + role + " 0 0 1 connected " + slots + "\n";
    }

    /** The ids of masters by the names of their shards; {@code NEW} goes on with the history of {@code OLD}. */
    private Map<String, String> name(String... lines) {
        ClusterNodes nodes = ClusterNodes.parse(
                String.join("", lines).getBytes(StandardCharsets.UTF_8), new Address("127.0.0.1", 1));
        Map<String, String> ids = new TreeMap<>();
        names.name(nodes, master -> switch (master.id().charAt(0)) {
                    case 'a' -> Map.of("master_replid", HISTORY);
                    case 'b' -> Map.of("master_replid", NEXT_HISTORY, "master_replid2", HISTORY);
                    default -> Map.of("master_replid", "3".repeat(40));
                })
                .forEach((name, master) -> ids.put(name, master.id()));
        return ids;
    }

    private void before() {
        assertThat(name(
                        node(OLD, 1, "myself,master -", "0-99"),
                        node(NEW, 2, "slave " + OLD, ""),
                        node(OTHER, 3, "master -", "100-16383")))
                .isEqualTo(Map.of(OLD, OLD, OTHER, OTHER));
        names.known(OLD, HISTORY);
    }

    private static String master(String id, int port, String slots) {
        return node(id, port, "master -", slots);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOneWithTheSlotsIsTheShardWhileBothAreMasters(boolean newFirst) {
        before();
        String old = master(OLD, 1, "");
        String promoted = master(NEW, 2, "0-99");
        String other = node(OTHER, 3, "myself,master -", "100-16383");
        assertThat(newFirst ? name(promoted, old, other) : name(old, promoted, other))
                .isEqualTo(Map.of(OLD, NEW, OTHER, OTHER));
        assertThat(name(node(OLD, 1, "slave " + NEW, ""), promoted, other)).isEqualTo(Map.of(OLD, NEW, OTHER, OTHER));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPromotedOneWithoutSlotsIsNothingYet(boolean newFirst) {
        before();
        String old = master(OLD, 1, "0-99");
        String promoted = master(NEW, 2, "");
        String other = node(OTHER, 3, "myself,master -", "100-16383");
        assertThat(newFirst ? name(promoted, old, other) : name(old, promoted, other))
                .isEqualTo(Map.of(OLD, OLD, OTHER, OTHER));
        assertThat(name(node(OLD, 1, "slave " + NEW, ""), master(NEW, 2, "0-99"), other))
                .isEqualTo(Map.of(OLD, NEW, OTHER, OTHER));
    }

    @Test
    void aFormerReplicaWithSlotsOfItsOwnIsAnotherShard() {
        before();
        assertThat(name(
                        master(OLD, 1, "0-50"),
                        master(NEW, 2, "51-99"),
                        node(OTHER, 3, "myself,master -", "100-16383")))
                .isEqualTo(Map.of(OLD, OLD, NEW, NEW, OTHER, OTHER));
    }
}
