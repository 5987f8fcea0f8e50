package io.millrace.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

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
    private static final int NOT_ALLOWED = 405;

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
        String path = "connectors/" + connector + "/stop";
        HttpResponse<String> response = send("PUT", path, null);
        requireKnown(response);
        body(response, "PUT", path);
    }

    /** The names of all connectors. */
    public List<String> connectors() {
        List<String> names = new ArrayList<>();
        get("connectors").forEach(name -> names.add(name.asText()));
        return names;
    }

    /**
     * Sets the offsets from which a stopped sink goes on (KIP-875); the connector rewinds with them what it stores itself.
     *
     * @throws Failure when the worker cannot, as those before Apache Kafka 3.6, or does not
     */
    public void alterOffsets(String sink, Map<TopicPartition, Long> offsets) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode list = body.putArray("offsets");
        offsets.forEach((partition, offset) -> {
            ObjectNode entry = list.addObject();
            entry.putObject("partition")
                    .put("kafka_topic", partition.topic())
                    .put("kafka_partition", partition.partition());
            entry.putObject("offset").put("kafka_offset", offset);
        });
        String path = "connectors/" + sink + "/offsets";
        HttpResponse<String> response = send("PATCH", path, body.toString(), ConnectRest::isBusy);
        requireKnown(response);
        body(response, "PATCH", path);
    }

    /** An older worker has not got the method, or not even the resource; an unknown connector has a message of its own. */
    private void requireKnown(HttpResponse<String> response) {
        if (response.statusCode() == NOT_ALLOWED
                || (response.statusCode() == NOT_FOUND && response.body().contains("HTTP 404"))) {
            throw new Failure(
                    ExitStatus.REFUSED,
                    "Connect at " + url + " cannot stop a connector and alter its offsets; run it on workers of Apache"
                            + " Kafka 3.6 or newer.");
        }
    }

    /** The tasks have gone, but their consumers are still leaving their group. */
    private static boolean isBusy(HttpResponse<String> response) {
        return isRebalancing(response)
                || (response.statusCode() >= SERVER_ERROR && response.body().contains("haven't stopped completely"));
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
        return send(method, path, json, ConnectRest::isRebalancing);
    }

    private HttpResponse<String> send(
            String method, String path, String json, Predicate<HttpResponse<String>> askAgain) {
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
                if (!askAgain.test(response) || System.nanoTime() > deadline) {
                    return response;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (IOException e) {
            throw new Failure("Connect at " + url + " does not answer (" + reason(e)
                    + "); check that the worker runs and that --connect-url names its REST listener.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while waiting for Connect at " + url + ".");
        }
    }

    private static String reason(IOException e) {
        if (e instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        return e.getMessage() == null ? "no connection" : e.getMessage();
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
