package io.millrace.benchmarks.table;

import io.millrace.redis.local.LocalServer;
import java.io.IOException;
import java.util.Optional;

/** The yardstick: the target is a replica; the source sends its snapshot without a file. */
final class NativeReplica implements Contender {
    private final Arena arena;

    NativeReplica(Arena arena) throws IOException {
        this.arena = arena;
        arena.target().call("REPLICAOF", LocalServer.HOST, arena.sourceServer().port());
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    public Optional<ProcessReading> reading() {
        return Optional.empty();
    }

    @Override
    public void requireAlive() {
        // the servers see to it
    }

    @Override
    public void close() throws IOException {
        arena.target().call("REPLICAOF", "NO", "ONE");
    }
}
