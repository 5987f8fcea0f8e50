package io.millrace.it.storm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.it.worker.PluginPath;
import io.millrace.it.worker.WorkerProcess;
import io.millrace.it.worker.WorkerProcess.Release;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/**
 * A group of plain Connect workers that is quick to notice when one is gone. One thread strikes them; requests may come from
 * any.
 */
final class ConnectWorkers implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Short, as a worker may be paused; the others answer at once. */
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);

    /** A worker that is told to do something tries the connection to Redis first. */
    private static final Duration ORDER_TIMEOUT = Duration.ofSeconds(30);

    /** While the broker is away, a worker cannot leave its group in order. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private static final Map<String, String> QUICK = Map.ofEntries(
            Map.entry("plugin.discovery", "service_load"),
            Map.entry("session.timeout.ms", "3000"),
            Map.entry("heartbeat.interval.ms", "500"),
            Map.entry("rebalance.timeout.ms", "10000"),
            Map.entry("scheduled.rebalance.max.delay.ms", "0"),
            Map.entry("worker.sync.timeout.ms", "1000"),
            Map.entry("worker.unsync.backoff.ms", "500"),
            Map.entry("offset.flush.interval.ms", "500"),
            Map.entry("task.shutdown.graceful.timeout.ms", "2000"),
            // A killed leader's open transaction keeps the others from reading the topic of configurations so long.
            Map.entry("transaction.timeout.ms", "3000"),
            Map.entry("producer.transaction.timeout.ms", "3000"),
            Map.entry("reconnect.backoff.max.ms", "500"),
            Map.entry("producer.reconnect.backoff.max.ms", "500"),
            Map.entry("consumer.reconnect.backoff.max.ms", "500"));

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(ASK_TIMEOUT).build();
    private final String bootstrapServers;
    private final Path directory;
    private final Path plugins;
    private final Map<String, String> settings;
    private final List<WorkerProcess> running = new CopyOnWriteArrayList<>();
    private final List<Path> logs = new CopyOnWriteArrayList<>();

    /** @param exactlyOnce whether records of the source go to Kafka in transactions (KIP-618) */
    ConnectWorkers(String bootstrapServers, Path directory, boolean exactlyOnce) {
        this.settings = new HashMap<>(QUICK);
        settings.put("exactly.once.source.support", exactlyOnce ? "enabled" : "disabled");
        this.bootstrapServers = bootstrapServers;
        this.directory = directory.toAbsolutePath();
        this.plugins = PluginPath.in(this.directory.resolve("plugins"));
    }

    /** Starts one more; it joins when it is ready. */
    WorkerProcess launch() {
        WorkerProcess worker = WorkerProcess.launch(
                Release.KAFKA_4_3,
                bootstrapServers,
                plugins,
                directory.resolve("worker-" + (logs.size() + 1)),
                settings);
        logs.add(worker.log());
        running.add(worker);
        return worker;
    }

    /** Ends it as a crash would. */
    void kill(WorkerProcess worker) {
        running.remove(worker);
        worker.close();
    }

    /** Ends it in order, where it can. */
    void stop(WorkerProcess worker) {
        running.remove(worker);
        worker.stop(STOP_PATIENCE);
    }

    List<WorkerProcess> running() {
        return running;
    }

    /** Of every worker that ever ran. */
    List<Path> logs() {
        return logs;
    }

    /** The worker that runs the connector's task, as far as the others know. */
    Optional<WorkerProcess> runnerOf(String connector) {
        String id = status(connector).path("tasks").path(0).path("worker_id").asText();
        return running.stream()
                .filter(worker -> worker.rest().url().getAuthority().equals(id))
                .findFirst();
    }

    /** Connector and tasks; empty while nobody answers. */
    JsonNode status(String connector) {
        return request("GET", "/connectors/" + connector + "/status", null)
                .filter(response -> response.statusCode() == 200)
                .map(response -> parse(response.body()))
                .orElseGet(JSON::createObjectNode);
    }

    void awaitReady() {
        running.forEach(WorkerProcess::awaitReady);
    }

    void put(String connector, Map<String, String> config) {
        must(
                "PUT",
                "/connectors/" + connector + "/config",
                JSON.valueToTree(config).toString());
    }

    void delete(String connector) {
        must("DELETE", "/connectors/" + connector, null);
    }

    /** Restarts what has failed of it. */
    void restartFailed(String connector) {
        must("POST", "/connectors/" + connector + "/restart?includeTasks=true&onlyFailed=true", "");
    }

    private void must(String method, String path, String body) {
        Awaitility.await(method + " " + path)
                .atMost(PATIENCE)
                .until(() -> request(method, path, body)
                        .filter(response -> response.statusCode() < 300 || response.statusCode() == 404)
                        .isPresent());
    }

    /** The first answer of any worker. */
    private Optional<HttpResponse<String>> request(String method, String path, String body) {
        for (WorkerProcess worker : running) {
            try {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create(worker.rest().url() + path))
                        .timeout(method.equals("GET") ? ASK_TIMEOUT : ORDER_TIMEOUT)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build();
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() < 500 && response.statusCode() != 409) {
                    return Optional.of(response);
                }
            } catch (IOException notThisOne) {
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The storm was interrupted", e);
            }
        }
        return Optional.empty();
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new IllegalStateException("Not JSON: " + body, e);
        }
    }

    /** Traces of what has failed, by connector or task. */
    Map<String, String> failures(List<String> connectors) {
        Map<String, String> failures = new HashMap<>();
        for (String connector : connectors) {
            JsonNode status = status(connector);
            List<JsonNode> all = new ArrayList<>(List.of(status.path("connector")));
            status.path("tasks").forEach(all::add);
            for (JsonNode one : all) {
                if (one.path("state").asText().equals("FAILED")) {
                    failures.put(connector, one.path("trace").asText());
                }
            }
        }
        return failures;
    }

    @Override
    public void close() {
        running.forEach(WorkerProcess::close);
        running.clear();
    }
}
