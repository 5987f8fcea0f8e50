package io.millrace.config;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Connects to an endpoint and says which option is at fault when that fails: reachable, TLS, login, PING, topology, and then
 * whatever the connector asks of the server. Bounded in time, name resolution included.
 */
public final class LiveCheck {

    /** A further question to a server that answers. Runs on the check's own thread. */
    @FunctionalInterface
    public interface Question {
        List<Finding> ask(Node node);
    }

    private final Duration limit;

    /** @param limit how long one endpoint may take altogether */
    public LiveCheck(Duration limit) {
        this.limit = limit;
    }

    /** Connects to the endpoint, to one seed after the other, and asks the first node that answers. Empty when all is well. */
    public List<Finding> of(RedisEndpoint endpoint, Question... questions) {
        FutureTask<List<Finding>> task = new FutureTask<>(() -> run(endpoint, questions));
        Thread thread = new Thread(task, "millrace-live-check");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            thread.interrupt(); // the socket's own timeouts end it soon after
            return List.of(new Finding(
                    endpoint.firstAddress() + " did not answer within " + limit.toMillis()
                            + " ms: check host, port and firewall.",
                    RedisSettings.HOSTS));
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return List.of(new Finding("The check was interrupted: validate again.", RedisSettings.HOSTS));
        } catch (ExecutionException e) {
            throw new IllegalStateException("The check of " + endpoint + " failed unexpectedly.", e.getCause());
        }
    }

    private List<Finding> run(RedisEndpoint endpoint, Question... questions) {
        Duration step = limit.dividedBy(3); // so that a probe after a timeout still has its time
        RedisEndpoint hurried =
                endpoint.withTimeouts(shorter(endpoint.connectTimeout(), step), shorter(endpoint.readTimeout(), step));
        NodeConnector connector;
        try {
            connector = new NodeConnector(hurried);
        } catch (InvalidEndpointException e) {
            return List.of(new Finding(e.getMessage(), RedisSettings.TLS));
        }
        List<Finding> failures = new ArrayList<>();
        List<Address> addresses = endpoint.addresses();
        if (endpoint.topology() == Topology.SENTINEL) {
            SentinelCheck sentinels = new SentinelCheck(hurried);
            addresses = sentinels.master();
            failures.addAll(sentinels.findings());
        }
        for (Address address : addresses) {
            try (Node node = connector.open(address)) {
                ping(node);
                List<Finding> findings = new ArrayList<>(topology(endpoint, node));
                for (Question question : questions) {
                    findings.addAll(question.ask(node));
                }
                return findings;
            } catch (RedisFailureException e) {
                failures.add(FailedConnection.explain(hurried, address, e));
            }
        }
        return failures.subList(0, 1);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.isZero() || a.compareTo(b) > 0 ? b : a;
    }

    /** Shows a missing login, which only the first command meets; a user without PING has logged in all the same. */
    private static void ping(Node node) {
        try {
            node.call("PING");
        } catch (RedisFailureException e) {
            if (e.kind() != Kind.PERMISSION) {
                throw e;
            }
        }
    }

    private static List<Finding> topology(RedisEndpoint endpoint, Node node) {
        ServerInfo info;
        try {
            info = ServerInfo.of(node);
        } catch (RedisFailureException e) {
            if (e.kind() == Kind.PERMISSION) {
                return List.of(); // what needs INFO asks for it by itself
            }
            throw e;
        }
        if ("sentinel".equals(info.fields().get("redis_mode"))
                || "sentinel".equals(info.fields().get("server_mode"))) {
            return List.of(new Finding(
                    node.address() + " is a sentinel and " + RedisSettings.TOPOLOGY + " is "
                            + endpoint.topology().name().toLowerCase(Locale.ROOT) + ": set " + RedisSettings.TOPOLOGY
                            + "=sentinel and " + RedisSettings.SENTINEL_MASTER + ".",
                    RedisSettings.TOPOLOGY,
                    RedisSettings.HOSTS));
        }
        if (info.clusterEnabled() && endpoint.topology() != Topology.CLUSTER) {
            return List.of(new Finding(
                    node.address() + " is a node of a cluster and " + RedisSettings.TOPOLOGY + " is "
                            + endpoint.topology().name().toLowerCase(Locale.ROOT) + ": set " + RedisSettings.TOPOLOGY
                            + "=cluster.",
                    RedisSettings.TOPOLOGY));
        }
        if (!info.clusterEnabled() && endpoint.topology() == Topology.CLUSTER) {
            return List.of(new Finding(
                    node.address() + " is no node of a cluster and " + RedisSettings.TOPOLOGY + " is cluster: set "
                            + RedisSettings.TOPOLOGY + "=standalone, or name a node of the cluster.",
                    RedisSettings.TOPOLOGY,
                    RedisSettings.HOSTS));
        }
        return List.of();
    }
}
