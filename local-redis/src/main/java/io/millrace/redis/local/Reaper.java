package io.millrace.redis.local;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Ends servers whose JVM has ended. One small shell process a JVM reads from a pipe which servers are running; the pipe
 * closes when the JVM is gone, for whatever reason, and then the shell kills those that are left and removes their
 * directories. A shutdown hook would come too late for a JVM that is killed, and too early for one whose other hooks still
 * need the servers. Safe for use by any thread.
 */
final class Reaper {
    // Sh, not bash: macOS and slim images have it. One line a change: "+ pid directory" or "- pid".
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            left=
            nl='
            '
            while read -r op pid dir; do
              kept=
              IFS=$nl
              for one in $left; do
                case $one in "$pid "*) ;; *) kept=$kept$one$nl ;; esac
              done
              unset IFS
              left=$kept
              [ "$op" = + ] && left=$left"$pid $dir"$nl
            done
            printf %s "$left" | while read -r pid dir; do
              kill -9 "$pid" 2>/dev/null
              rm -rf "$dir"
            done
            """;

    private static Reaper instance;

    private final Writer pipe;

    private Reaper(Writer pipe) {
        this.pipe = pipe;
    }

    static synchronized Reaper ofThisJvm() throws IOException {
        if (instance == null) {
            Process shell = new ProcessBuilder(Sessions.detached("/bin/sh", "-c", SCRIPT))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            instance = new Reaper(shell.outputWriter(StandardCharsets.UTF_8));
        }
        return instance;
    }

    synchronized void started(long pid, Path directory) throws IOException {
        pipe.write("+ " + pid + " " + directory + "\n");
        pipe.flush();
    }

    synchronized void ended(long pid) throws IOException {
        pipe.write("- " + pid + "\n");
        pipe.flush();
    }
}
