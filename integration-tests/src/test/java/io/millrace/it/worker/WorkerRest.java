package io.millrace.it.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Connect's REST interface, as a user of it sees it. Thread-safe. */
public final class WorkerRest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    /** Connect itself gives up after 90 seconds. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(100);

    private static final int CONFLICT = 409;
    private static final int FAILED = 500;

    /** As curl: the client would ask for HTTP/2 first. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI url;
    private final Supplier<Optional<String>> end;

    /** @param url for example {@code http://127.0.0.1:8083} */
    public WorkerRest(URI url) {
        this(url, Optional::empty);
    }

    /** @param end how the worker has ended, if it has: then no answer is waited for */
    WorkerRest(URI url, Supplier<Optional<String>> end) {
        this.url = url;
        this.end = end;
    }

    public URI url() {
        return url;
    }

    /**
     * Whether the worker answers and has joined its group, so that connectors can be created.
     *
     * @throws AssertionError if it has ended
     */
    public boolean isReady() {
        failOnEnd(null);
        try {
            HttpResponse<String> response =
                    http.send(request("GET", "/connectors", null), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void put(String connector, Map<String, String> config) {
        call("PUT", "/connectors/" + connector + "/config", JSON.valueToTree(config));
    }

    public void delete(String connector) {
        call("DELETE", "/connectors/" + connector, null);
    }

    /** Restarts the connector with its tasks. */
    public void restart(String connector) {
        call("POST", "/connectors/" + connector + "/restart?includeTasks=true", null);
    }

    public void pause(String connector) {
        call("PUT", "/connectors/" + connector + "/pause", null);
    }

    public void resume(String connector) {
        call("PUT", "/connectors/" + connector + "/resume", null);
    }

    /** The stored offsets: a list of objects with {@code partition} and {@code offset}. */
    public JsonNode offsets(String connector) {
        return call("GET", "/connectors/" + connector + "/offsets", null).path("offsets");
    }

    /** Stops it, as offsets may only be altered then, and waits until it has. */
    public void stop(String connector) {
        call("PUT", "/connectors/" + connector + "/stop", null);
        Awaitility.await(connector + " STOPPED")
                .atMost(TIMEOUT)
                .until(() -> status(connector)
                        .path("connector")
                        .path("state")
                        .asText()
                        .equals("STOPPED"));
    }

    /** Sets one offset. Returns what Connect says: of success, or why not. */
    public String alterOffset(String connector, JsonNode partition, JsonNode offset) {
        ObjectNode one = JSON.createObjectNode();
        one.set("partition", partition);
        one.set("offset", offset);
        JsonNode body =
                JSON.createObjectNode().set("offsets", JSON.createArrayNode().add(one));
        return message(send("PATCH", "/connectors/" + connector + "/offsets", body));
    }

    /** Deletes all offsets of a connector that is stopped. Returns what Connect says. */
    public String deleteOffsets(String connector) {
        return message(send("DELETE", "/connectors/" + connector + "/offsets", null));
    }

    private static String message(HttpResponse<String> response) {
        return parse(response.body()).path("message").asText();
    }

    /** What {@code validate} says about a config: {@code error_count}, and {@code configs} with their values and errors. */
    public JsonNode validate(String connectorClass, Map<String, String> config) {
        String simpleName = connectorClass.substring(connectorClass.lastIndexOf('.') + 1);
        return call("PUT", "/connector-plugins/" + simpleName + "/config/validate", JSON.valueToTree(config));
    }

    /** The classes of all connectors and converters that the worker has found. */
    public JsonNode plugins() {
        return call("GET", "/connector-plugins?connectorsOnly=false", null);
    }

    /** Waits until the connector and its one task are in this state; a failure fails at once, with its trace. */
    public void awaitState(String connector, String wanted) {
        Awaitility.await(connector + " " + wanted).atMost(TIMEOUT).until(() -> {
            failure(connector).ifPresent(trace -> {
                throw new AssertionError(connector + " failed: " + trace);
            });
            JsonNode status = status(connector);
            return status.path("connector").path("state").asText().equals(wanted)
                    && status.path("tasks").size() > 0
                    && status.path("tasks").get(0).path("state").asText().equals(wanted);
        });
    }

    /** How many tasks of a connector run. */
    public int runningTasks(String connector) {
        int running = 0;
        for (JsonNode task : status(connector).path("tasks")) {
            running += task.path("state").asText().equals("RUNNING") ? 1 : 0;
        }
        return running;
    }

    /** The trace of the connector or of its task, if one of them has failed. */
    public Optional<String> failure(String connector) {
        JsonNode status = status(connector);
        if (status.path("connector").path("state").asText().equals("FAILED")) {
            return Optional.of(status.path("connector").path("trace").asText());
        }
        for (JsonNode task : status.path("tasks")) {
            if (task.path("state").asText().equals("FAILED")) {
                return Optional.of(task.path("trace").asText());
            }
        }
        return Optional.empty();
    }

    /** Everything that the interface tells about a connector, as it is sent. */
    public String everythingAbout(String connector) {
        StringBuilder all = new StringBuilder();
        for (String path : new String[] {"", "/config", "/tasks", "/tasks-config", "/status", "/offsets", "/topics"}) {
            all.append(send("GET", "/connectors/" + connector + path, null).body())
                    .append('\n');
        }
        return all.append(send("GET", "/connectors?expand=info&expand=status", null)
                        .body())
                .toString();
    }

    private JsonNode status(String connector) {
        HttpResponse<String> response = send("GET", "/connectors/" + connector + "/status", null);
        return response.statusCode() == 404 ? JSON.createObjectNode() : parse(response.body());
    }

    private JsonNode call(String method, String path, JsonNode body) {
        HttpResponse<String> response = send(method, path, body);
        if (response.statusCode() >= 400) {
            throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return parse(response.body());
    }

    /**
     * A worker in a rebalance answers 409 for a moment. One that is too busy to answer, such as with its heap, or closes a
     * connection that was idle, is asked again for what changes nothing there.
     */
    private HttpResponse<String> send(String method, String path, JsonNode body) {
        AtomicReference<IOException> last = new AtomicReference<>();
        try {
            return Awaitility.await(method + " " + path)
                    .atMost(TIMEOUT)
                    .until(() -> sendOnce(method, path, body, last), Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            if (last.get() != null) {
                e.addSuppressed(last.get());
            }
            throw e;
        }
    }

    /** Empty if it must be sent again. */
    private Optional<HttpResponse<String>> sendOnce(
            String method, String path, JsonNode body, AtomicReference<IOException> last) throws InterruptedException {
        boolean repeatable = method.equals("GET");
        try {
            HttpResponse<String> response =
                    http.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
            boolean gaveUp = response.statusCode() == FAILED && response.body().contains("Request timed out");
            boolean busy = response.statusCode() == CONFLICT || (repeatable && gaveUp);
            return busy ? Optional.empty() : Optional.of(response);
        } catch (IOException e) {
            failOnEnd(e);
            if (!repeatable) {
                throw new UncheckedIOException(method + " " + url + path, e);
            }
            last.set(e);
            return Optional.empty();
        }
    }

    private void failOnEnd(IOException cause) {
        end.get().ifPresent(how -> {
            throw new AssertionError("The worker at " + url + " has ended: " + how, cause);
        });
    }

    private HttpRequest request(String method, String path, JsonNode body) {
        return HttpRequest.newBuilder(url.resolve(path))
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    private static JsonNode parse(String body) {
        try {
            return body == null || body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("Not JSON: " + body, e);
        }
    }
}
