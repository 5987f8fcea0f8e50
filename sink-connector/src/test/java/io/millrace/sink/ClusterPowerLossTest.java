package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A master of a cluster that comes back without the last second of what it had acknowledged. */
class ClusterPowerLossTest {

    /** What {@code appendfsync everysec} may lose at most. */
    private static final long MOST_MILLIS = 2000;

    private static final String CHECKPOINT = "__millrace:checkpoint:millrace-sink:changes-0";

    @Test
    void whatItsAppendOnlyFileHadNotGotToTheDiskIsAppliedAgain() throws Exception {
        OnceWorkload work = new OnceWorkload(new Feed(1), 29, 300);
        try (LocalCluster cluster = LocalCluster.of(ServerVersion.standard())
                        .masters(2)
                        .config("appendonly yes")
                        .start();
                SinkDriver sink = new SinkDriver(SinkDriver.to(cluster), false)) {
            LocalServer keeper = cluster.masterOf(HashSlot.of(Feed.bytes(CHECKPOINT)));
            LocalServer other = cluster.masters().get(cluster.masters().indexOf(keeper) == 0 ? 1 : 0);
            Path onDisk = other.directory().resolve("on-disk");
            sink.send(work.next(1000), 5);
            sink.awaitApplied();
            long lost;
            do {
                copy(other.directory().resolve("appendonlydir"), onDisk);
                long copied = System.nanoTime();
                List<?> before = checkpoint(keeper);
                sink.send(work.next(500), 5);
                sink.awaitApplied();
                // Long enough for a checkpoint to be written over what will be lost, if it were.
                while (millisSince(copied) < MOST_MILLIS - 500
                        && checkpoint(keeper).equals(before)) {
                    sink.commit();
                    Thread.sleep(20);
                }
                sink.send(work.next(10), 5);
                sink.awaitApplied();
                other.kill9();
                lost = millisSince(copied);
            } while (lost > MOST_MILLIS && restart(other));
            copy(onDisk, other.directory().resolve("appendonlydir"));
            restart(other);
            cluster.awaitOk();
            sink.send(work.next(500), 5);
            sink.awaitApplied();
            work.assertIn(cluster);
        }
    }

    private static List<?> checkpoint(LocalServer keeper) {
        return ((List<?>) keeper.command("HMGET", CHECKPOINT, "applied", "resume"))
                .stream().map(OnceWorkload::text).toList();
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }

    /** Always true. */
    private static boolean restart(LocalServer node) {
        node.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> OnceWorkload.text(node.command("CLUSTER", "INFO")).contains("cluster_state:ok"));
        assertThat(OnceWorkload.isMaster(node)).isTrue();
        return true;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
