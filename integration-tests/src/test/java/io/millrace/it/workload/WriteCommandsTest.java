package io.millrace.it.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.it.workload.SampleGroup.Scope;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WriteCommandsTest {

    /** What is propagated, or changes what is, without carrying the flag {@code write}. */
    private static final List<String> ALSO = List.of(
            "select",
            "multi",
            "exec",
            "discard",
            "watch",
            "eval",
            "evalsha",
            "fcall",
            "publish",
            "spublish",
            "script|load");

    /** What managed migration services replicate; each needs a sample on every server that has it. */
    private static final String INCREMENTAL = "APPEND BITOP BLPOP BRPOP BRPOPLPUSH DECR DECRBY DEL EVAL EVALSHA EXEC"
            + " EXPIRE EXPIREAT FLUSHALL FLUSHDB GEOADD GETSET HDEL HINCRBY HINCRBYFLOAT HMSET HSET HSETNX INCR INCRBY"
            + " INCRBYFLOAT LINSERT LPOP LPUSH LPUSHX LREM LSET LTRIM MOVE MSET MSETNX MULTI PERSIST PEXPIRE PEXPIREAT"
            + " PFADD PFMERGE PSETEX PUBLISH RENAME RENAMENX RESTORE RPOP RPOPLPUSH RPUSH RPUSHX SADD SDIFFSTORE SELECT"
            + " SET SETBIT SETEX SETNX SETRANGE SINTERSTORE SMOVE SPOP SREM SUNIONSTORE ZADD ZINCRBY ZINTERSTORE ZREM"
            + " ZREMRANGEBYLEX ZUNIONSTORE ZREMRANGEBYRANK ZREMRANGEBYSCORE XADD XCLAIM XDEL XAUTOCLAIM"
            + " XGROUP|CREATECONSUMER XTRIM";

    @ParameterizedTest
    @EnumSource
    void everyWriteCommandHasASampleThatRuns(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer server = LocalServer.start(version);
                LocalServer peer = LocalServer.start(version);
                WorkloadRun run = new WorkloadRun(server, peer)) {
            assertThat(missing(run.commands(), run.commands().writing())).isEmpty();
            run.run(WriteCommands.catalogue()
                    .groups(Scope.FLUSHING, Scope.ONE_SLOT, Scope.SCATTERED, Scope.CROSS_SLOT, Scope.DATABASES));
            assertThat(run.executed()).isGreaterThan(400);
            assertThat((Long) server.command("DBSIZE")).isGreaterThan(140);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_6", "VALKEY_9_1"})
    void commandsOfClusterNodesRunThere(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalCluster cluster = LocalCluster.start(version);
                WorkloadRun run = new WorkloadRun(cluster.masterOf(0), null)) {
            run.run(WriteCommands.catalogue().groups(Scope.CLUSTER_NODE));
            assertThat(run.executed()).isOne();
        }
    }

    @Test
    void everyCommandOfTheIncrementalListHasASample() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            Set<String> wanted = new TreeSet<>(
                    List.of(INCREMENTAL.toLowerCase(java.util.Locale.ROOT).split(" ")));
            wanted.addAll(ALSO);
            assertThat(missing(ServerCommands.of(client), wanted)).isEmpty();
        }
    }

    private static Set<String> missing(ServerCommands server, Set<String> wanted) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(WriteCommands.catalogue().namesFor(server));
        return missing;
    }
}
