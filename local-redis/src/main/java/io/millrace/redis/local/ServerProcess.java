package io.millrace.redis.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of a server's executable. Safe for use by any thread. */
final class ServerProcess {
    private static final long STOP_SECONDS = 20;

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    static ServerProcess start(Path executable, Path configuration, Path log, String... options) throws IOException {
        // The working directory matters to nothing but core files; argv carries no secret.
        List<String> command = new ArrayList<>(List.of(executable.toString(), configuration.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(Sessions.detached(command.toArray(new String[0])))
                .directory(configuration.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Reaper reaper = Reaper.ofThisJvm();
        ServerProcess started = new ServerProcess(builder.start());
        try {
            reaper.started(started.process.pid(), configuration.getParent());
        } catch (IOException e) {
            started.kill();
            throw e;
        }
        return started;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits; true if the process has ended meanwhile. */
    boolean endsWithin(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while waiting for a local server", e);
        }
    }

    /** SIGTERM, and SIGKILL if that is not heeded. */
    void terminate() {
        process.destroy();
        if (!endsWithin(TimeUnit.SECONDS.toMillis(STOP_SECONDS))) {
            kill();
        }
        forget();
    }

    void kill() {
        process.destroyForcibly();
        endsWithin(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        forget();
    }

    void signal(String name) {
        try {
            Process kill = new ProcessBuilder("/bin/kill", "-" + name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new LocalServerException("kill -" + name + " " + process.pid() + " failed: " + output.strip());
            }
        } catch (IOException e) {
            throw new LocalServerException("Cannot run /bin/kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while signalling a local server", e);
        }
    }

    private void forget() {
        try {
            Reaper.ofThisJvm().ended(process.pid());
        } catch (IOException e) {
            throw new LocalServerException("The process that watches over local servers is gone", e);
        }
    }
}
