package io.millrace.it.pipeline;

import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.util.List;

/** Which servers a test runs on. */
final class Servers {

    private Servers() {}

    /** The newest Redis that is here: the one with the most types and commands. */
    static ServerVersion newest() {
        List<ServerVersion> present =
                ServerVersion.present().stream().filter(v -> !v.isValkey()).toList();
        return present.get(present.size() - 1);
    }

    /** Skips the test, visibly, where the version is not here. */
    static LocalServer start(ServerVersion version) {
        if (version.available().isEmpty()) {
            System.out.println(version.unavailableMessage());
            abort(version.unavailableMessage());
        }
        return LocalServer.start(version);
    }
}
