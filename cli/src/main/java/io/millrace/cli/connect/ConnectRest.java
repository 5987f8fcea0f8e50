package io.millrace.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The part of Connect's REST interface that a migration uses. Every call is bounded in time; a worker that is busy with a
 * rebalance is asked again until then. Thread-safe.
 */
public final class ConnectRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int CONFLICT = 409;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_FOUND = 404;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI url;

    public ConnectRest(URI url) {
        this.url = url.getPath().endsWith("/") ? url : URI.create(url + "/");
    }

    /** The class names of the connectors that the worker can run. */
    public List<String> connectorClasses() {
        List<String> classes = new ArrayList<>();
        get("connector-plugins")
                .forEach(plugin -> classes.add(plugin.path("class").asText()));
        return classes;
    }

    /** Creates the connector, or gives it this config when it exists. */
    public void putConfig(String connector, Map<String, String> config) {
        call("PUT", "connectors/" + connector + "/config", toJson(config));
    }

    /** The stored config, with placeholders where it has secrets; empty when there is no such connector. */
    public Optional<Map<String, String>> config(String connector) {
        return find("connectors/" + connector + "/config")
                .map(node -> JSON.convertValue(
                        node, JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class)));
    }

    /** Empty while Connect does not know the connector, or has not started it yet. */
    public Optional<ConnectorStatus> status(String connector) {
        return find("connectors/" + connector + "/status").map(ConnectRest::toStatus);
    }

    /** The stored offsets: a list of objects with {@code partition} and {@code offset}. */
    public JsonNode offsets(String connector) {
        return get("connectors/" + connector + "/offsets").path("offsets");
    }

    /** Stops the tasks' work and keeps them; takes effect a moment later, see {@link #status}. */
    public void pause(String connector) {
        call("PUT", "connectors/" + connector + "/pause", null);
    }

    public void resume(String connector) {
        call("PUT", "connectors/" + connector + "/resume", null);
    }

    /** Shuts the tasks down; the connector and its offsets stay. */
    public void stop(String connector) {
        call("PUT", "connectors/" + connector + "/stop", null);
    }

    private static ConnectorStatus toStatus(JsonNode node) {
        List<ConnectorStatus.Task> tasks = new ArrayList<>();
        for (JsonNode task : node.path("tasks")) {
            tasks.add(new ConnectorStatus.Task(
                    task.path("id").asInt(),
                    task.path("state").asText(),
                    task.path("trace").asText(),
                    task.path("worker_id").asText()));
        }
        JsonNode connector = node.path("connector");
        return new ConnectorStatus(
                node.path("name").asText(),
                connector.path("state").asText(),
                connector.path("trace").asText(),
                connector.path("worker_id").asText(),
                tasks);
    }

    private JsonNode get(String path) {
        return find(path)
                .orElseThrow(() -> new Failure("Connect at " + url + " does not know " + path
                        + "; check that --connect-url names a worker of Apache Kafka 3.7 or newer."));
    }

    private Optional<JsonNode> find(String path) {
        HttpResponse<String> response = send("GET", path, null);
        return response.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(body(response, "GET", path));
    }

    private void call(String method, String path, String json) {
        HttpResponse<String> response = send(method, path, json);
        body(response, method, path);
    }

    private JsonNode body(HttpResponse<String> response, String method, String path) {
        JsonNode node;
        try {
            node = JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new Failure("What answers at " + url + " is not Connect (" + method + " " + path + " gave status "
                    + response.statusCode() + "); check --connect-url.");
        }
        if (response.statusCode() >= 400) {
            throw new Failure("Connect at " + url + " refused " + method + " " + path + " with status "
                    + response.statusCode() + ": "
                    + oneLine(node.path("message").asText("no message")));
        }
        return node;
    }

    private static String oneLine(String message) {
        String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.endsWith(".") ? line : line + ".";
    }

    private HttpResponse<String> send(String method, String path, String json) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        json == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8))
                .build();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try {
            while (true) {
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (!isRebalancing(response) || System.nanoTime() > deadline) {
                    return response;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (IOException e) {
            throw new Failure(
                    "Connect at " + url + " does not answer (" + e.getClass().getSimpleName()
                            + "); check that the worker runs and that --connect-url names its REST listener.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while waiting for Connect at " + url + ".");
        }
    }

    /** Most resources answer 409 then, some 500 with only the message to tell. */
    private static boolean isRebalancing(HttpResponse<String> response) {
        return response.statusCode() == CONFLICT
                || (response.statusCode() == SERVER_ERROR && response.body().contains("rebalance"));
    }

    private static String toJson(Map<String, String> config) {
        try {
            return JSON.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
