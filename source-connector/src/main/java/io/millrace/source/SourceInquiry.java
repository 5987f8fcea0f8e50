package io.millrace.source;

import io.millrace.client.ClusterNodes;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.command.CommandTable;
import io.millrace.endpoint.Address;
import io.millrace.failure.RedisFailureException;
import io.millrace.source.link.LinkException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the source what the replica link does not say: how many keys it has, and which commands its modules bring. Each
 * question opens a connection of its own, and what is not permitted is simply not known. Thread-safe.
 */
final class SourceInquiry {

    private static final Logger log = LoggerFactory.getLogger(SourceInquiry.class);
    private static final long UNKNOWN = -1;

    private final NodeConnector nodes;
    private volatile Address address;

    /** @param address whom to ask until {@link #at} says otherwise */
    SourceInquiry(NodeConnector nodes, Address address) {
        this.nodes = nodes;
        this.address = address;
    }

    /** From now on this server is asked: the one that is read from. */
    void at(Address other) {
        address = other;
    }

    private Node open() {
        return nodes.open(address);
    }

    CommandTable commandTable() {
        return CommandTable.standard();
    }

    /** The table with what the source's COMMAND adds to it. */
    CommandTable learnCommands(CommandTable table) {
        try (Node node = open()) {
            return node.call("COMMAND") instanceof List<?> reply ? table.withServerCommands(reply) : table;
        } catch (RedisFailureException e) {
            log.warn("The source's own command table cannot be read. {}", e.getMessage());
            return table;
        }
    }

    /** The keys of all databases, or -1. */
    long keys() {
        try (Node node = open()) {
            long keys = 0;
            for (Map.Entry<String, String> field : ServerInfo.of(node).fields().entrySet()) {
                if (field.getKey().startsWith("db") && field.getValue().startsWith("keys=")) {
                    keys += number(field.getValue());
                }
            }
            return keys;
        } catch (RedisFailureException e) {
            log.info("The number of the source's keys is not known. {}", e.getMessage());
            return UNKNOWN;
        }
    }

    /**
     * The source's own replication offset, if it can be told and counts the given history. A source that is away is the
     * reader's to report.
     */
    OptionalLong offset(String replicationId) {
        try (Node node = open()) {
            ServerInfo info = ServerInfo.of(node);
            long offset = info.number("master_repl_offset", UNKNOWN);
            return offset >= 0 && replicationId.equals(info.fields().get("master_replid"))
                    ? OptionalLong.of(offset)
                    : OptionalLong.empty();
        } catch (RedisFailureException e) {
            log.debug("The source's offset is not known. {}", e.getMessage());
            return OptionalLong.empty();
        }
    }

    /**
     * The source as a node of a cluster, by its own word.
     *
     * @throws LinkException when it does not say
     */
    ClusterNodes.Member member() throws LinkException {
        try (Node node = open()) {
            return ClusterNodes.of(node).myself();
        } catch (RedisFailureException e) {
            throw e.failure().isRetryable()
                    ? new LinkException.Unreachable(
                            "Which slots " + address + " serves cannot be asked: " + e.getMessage(), e)
                    : new LinkException.Unsupported(
                            "Which slots " + address + " serves cannot be asked: " + e.getMessage());
        }
    }

    /** The fields of INFO, or none if it does not answer. */
    Map<String, String> info() {
        try (Node node = open()) {
            return ServerInfo.of(node).fields();
        } catch (RedisFailureException e) {
            log.info("The source does not say where it stands. {}", e.getMessage());
            return Map.of();
        }
    }

    /** {@code keys=12,expires=0,avg_ttl=0} */
    private static long number(String keyspace) {
        int comma = keyspace.indexOf(',');
        return Long.parseLong(keyspace, "keys=".length(), comma < 0 ? keyspace.length() : comma, 10);
    }
}
