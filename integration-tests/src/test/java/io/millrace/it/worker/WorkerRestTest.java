package io.millrace.it.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker that breaks connections, and one that has ended. */
class WorkerRestTest {

    private static final String ANSWER = "{\"connector\":{\"state\":\"RUNNING\"}}";

    /** More often than the HTTP client tries by itself. */
    private static final int BROKEN = 12;

    private final AtomicInteger requests = new AtomicInteger();
    private ServerSocket server;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        url = URI.create("http://127.0.0.1:" + server.getLocalPort());
        Thread thread = new Thread(this::answer, "fake-worker");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aStatusThatDidNotArriveIsAskedForAgain() {
        assertThat(new WorkerRest(url).failure("one")).isEmpty();
        assertThat(requests).hasValue(BROKEN + 1);
    }

    @Test
    void anOrderIsNotGivenTwice() {
        WorkerRest rest = new WorkerRest(url);
        assertThatThrownBy(() -> rest.put("one", Map.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("PUT " + url + "/connectors/one/config");
        assertThat(requests).hasValue(1);
    }

    @Test
    void aWorkerThatHasEndedIsNotWaitedFor() throws IOException {
        server.close();
        WorkerRest rest = new WorkerRest(url, () -> Optional.of("exit status 3; the end of its log: out of memory"));
        assertThatThrownBy(() -> rest.failure("one"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(url + " has ended: exit status 3; the end of its log: out of memory");
        assertThatThrownBy(rest::isReady).isInstanceOf(AssertionError.class).hasMessageContaining("has ended");
    }

    private void answer() {
        while (true) {
            try (Socket client = server.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                    line = in.readLine();
                }
                if (requests.incrementAndGet() > BROKEN) {
                    client.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + ANSWER.length()
                                            + "\r\n\r\n" + ANSWER)
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                return;
            }
        }
    }
}
