package io.millrace.it.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Apicurio Registry as a process of its own, in memory, with Confluent's interface and the compatibility BACKWARD. The
 * build unpacks it into {@code target/registry}; it takes about 6 s to start and 250 MB. Closing it ends the process, as
 * does an orderly end of the JVM.
 */
public final class LocalRegistry implements AutoCloseable {

    private static final Path HOME = Path.of("target", "registry");
    private static final int START_SECONDS = 120;
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final Thread endWithJvm;
    private final URI address;

    private LocalRegistry(Process process, Thread endWithJvm, URI address) {
        this.process = process;
        this.endWithJvm = endWithJvm;
        this.address = address;
    }

    /** Starts a registry on a port of the system's choice and waits until it answers. */
    public static LocalRegistry start() {
        Process process;
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dquarkus.http.host=127.0.0.1",
                            "-Dquarkus.http.port=0",
                            "-jar",
                            jar().toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread endWithJvm = new Thread(process::destroyForcibly, "end-registry");
        Runtime.getRuntime().addShutdownHook(endWithJvm);
        URI address = URI.create(listening(process) + "/apis/ccompat/v7");
        LocalRegistry registry = new LocalRegistry(process, endWithJvm, address);
        registry.compatibility("BACKWARD");
        return registry;
    }

    /** What {@code schema.registry.url} must be. */
    public String url() {
        return address.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(endWithJvm);
    }

    private static Path jar() throws IOException {
        if (Files.isDirectory(HOME)) {
            try (Stream<Path> files = Files.list(HOME)) {
                return files.filter(f -> f.toString().endsWith("-runner.jar"))
                        .findFirst()
                        .orElseThrow(LocalRegistry::missing);
            }
        }
        throw missing();
    }

    private static IllegalStateException missing() {
        return new IllegalStateException(HOME.toAbsolutePath()
                + " holds no registry; run 'mvn -pl integration-tests -am pre-integration-test' to unpack it");
    }

    /** The port is chosen by the system, and the log tells which. The rest of the log is read and let go. */
    private static String listening(Process process) {
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(process, found), "registry-log");
        reader.setDaemon(true);
        reader.start();
        try {
            return found.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("the registry did not start", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void read(Process process, CompletableFuture<String> found) {
        StringBuilder log = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!found.isDone()) {
                    log.append(line).append('\n');
                }
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    found.complete(matcher.group(1));
                }
            }
            found.completeExceptionally(new IOException("it ended, having said:\n" + log));
        } catch (IOException e) {
            // The stream breaks when the process is ended; it is an error only before the start is through.
            found.completeExceptionally(e);
        }
    }

    private void compatibility(String level) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/config"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\": \"" + level + "\"}"))
                .build();
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                close();
                throw new IllegalStateException(
                        "the registry answered " + response.statusCode() + " " + response.body());
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
