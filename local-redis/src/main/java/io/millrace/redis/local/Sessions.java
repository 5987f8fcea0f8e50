package io.millrace.redis.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a child process out of the terminal's reach: Ctrl-C goes to the whole foreground process group, and a server that
 * takes it at the same moment as the program that is draining it would be gone too early.
 */
final class Sessions {
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private Sessions() {}

    /** The command in a session of its own where the machine has setsid(1); it execs, so the process id is the command's. */
    static List<String> detached(String... command) {
        List<String> argv = new ArrayList<>();
        SETSID.stream().filter(Files::isExecutable).findFirst().ifPresent(setsid -> argv.add(setsid.toString()));
        argv.addAll(List.of(command));
        return argv;
    }
}
