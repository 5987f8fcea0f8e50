package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The commands that a managed service supports for incremental migration, each into a cluster: with keys that share a slot, and
 * with keys that do not. MOVE is not among them: a cluster has one database.
 */
class PromisedCommandsTest extends ClusterDestination {

    private static final Set<String> PROMISED =
            Set.of(("APPEND BITOP BLPOP BRPOP BRPOPLPUSH DECR DECRBY DEL EVAL EVALSHA EXEC"
                            + " EXPIRE EXPIREAT FLUSHALL FLUSHDB GEOADD GETSET HDEL HINCRBY HINCRBYFLOAT HMSET HSET HSETNX INCR INCRBY"
                            + " INCRBYFLOAT LINSERT LPOP LPUSH LPUSHX LREM LSET LTRIM MSET MSETNX MULTI PERSIST PEXPIRE PEXPIREAT PFADD"
                            + " PFMERGE PSETEX PUBLISH RENAME RENAMENX RESTORE RPOP RPOPLPUSH RPUSH RPUSHX SADD SDIFFSTORE SELECT SET"
                            + " SETBIT SETEX SETNX SETRANGE SINTERSTORE SMOVE SPOP SREM SUNIONSTORE ZADD ZINCRBY ZINTERSTORE ZREM"
                            + " ZREMRANGEBYLEX ZUNIONSTORE ZREMRANGEBYRANK ZREMRANGEBYSCORE XADD XCLAIM XDEL XAUTOCLAIM XGROUP XTRIM")
                    .split(" "));

    /** In this order; a key begins with %. Expiries are set and then removed or overtaken, as they count from different moments. */
    private static final String[] COMMANDS = {
        "SELECT 0",
        "SET %gone 1",
        "FLUSHALL",
        "SET %gone 1",
        "FLUSHDB",
        "SET %a 10",
        "APPEND %a 1",
        "DECR %a",
        "DECRBY %a 5",
        "INCR %a",
        "INCRBY %a 7",
        "INCRBYFLOAT %a 1.5",
        "GETSET %a 3",
        "SETNX %b 4",
        "SETBIT %b 7 1",
        "SETRANGE %b 3 xyz",
        "BITOP OR %bits %a %b",
        "MSET %m1 1 %m2 2 %m3 3",
        "MSETNX %m4 4 %m5 5",
        "DEL %m1 %m4",
        "EXPIRE %m2 1000",
        "PEXPIRE %m2 2000000",
        "EXPIREAT %m2 33333333333",
        "PEXPIREAT %m3 33333333333333",
        "SETEX %e1 1000 v",
        "PSETEX %e2 1000000 v",
        "PERSIST %e1",
        "PERSIST %e2",
        "RENAME %m2 %renamed",
        "RENAMENX %renamed %again",
        "RESTORE %restored 0 dump-of-a",
        "RPUSH %l 1 2 3 4 5 6 7 8",
        "LPUSH %l 0",
        "LPUSHX %l a",
        "RPUSHX %l z",
        "LINSERT %l BEFORE 3 x",
        "LSET %l 0 b",
        "LREM %l 1 x",
        "LTRIM %l 0 8",
        "LPOP %l",
        "RPOP %l",
        "RPOPLPUSH %l %l2",
        "BRPOPLPUSH %l %l2 0",
        "BLPOP %none %l 0",
        "BRPOP %none %l 0",
        "HSET %h f 1",
        "HMSET %h g 2 k 3",
        "HSETNX %h n 4",
        "HINCRBY %h f 5",
        "HINCRBYFLOAT %h g 0.5",
        "HDEL %h k",
        "SADD %s a b c d",
        "SADD %t b c e",
        "SMOVE %s %t a",
        "SREM %t e",
        "SADD %one only",
        "SPOP %one",
        "SUNIONSTORE %union %s %t",
        "SINTERSTORE %inter %s %t",
        "SDIFFSTORE %diff %s %t",
        "ZADD %z 1 a 2 b 3 c 4 d 5 e",
        "ZADD %y 0 p 0 q 0 r",
        "ZINCRBY %z 10 a",
        "ZREM %z b",
        "ZUNIONSTORE %zunion 2 %z %y",
        "ZINTERSTORE %zinter 2 %z %z",
        "ZREMRANGEBYLEX %y [p [p",
        "ZREMRANGEBYRANK %z 0 0",
        "ZREMRANGEBYSCORE %z 4 4",
        "PFADD %p1 a b",
        "PFADD %p2 c",
        "PFMERGE %p3 %p1 %p2",
        "GEOADD %g 13.361389 38.115556 Palermo",
        "XADD %x 1-1 f v",
        "XADD %x 2-1 f v",
        "XADD %x 3-1 f v",
        "XADD %x 4-1 f v",
        "XGROUP CREATE %x g 0",
        "XGROUP CREATECONSUMER %x g c",
        "XCLAIM %x g c 0 2-1 FORCE TIME 1700000000000 JUSTID",
        "XAUTOCLAIM %x g c 99999999999999 0",
        "XDEL %x 3-1",
        "XTRIM %x MAXLEN 2",
        "PUBLISH channel message",
        "EVAL return(redis.call('RPUSH',KEYS[1],redis.call('INCR',KEYS[2]))) 2 %el %en",
        "EVALSHA digest 2 %el %en",
        "MULTI",
        "INCR %a2",
        "RPUSH %l 9",
        "LMOVE %l %l2 LEFT RIGHT",
        "SET %b2 2",
        "EXEC"
    };

    private static LocalServer model;

    @BeforeAll
    static void startModel() {
        model = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stopModel() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{t}", "k:"})
    void everyCommandHasItsEffectInACluster(String prefix) throws IOException {
        start("cross.slot", "copy", "publish.enabled", "true");
        Feed recent = new Feed(1, System.currentTimeMillis());
        Set<String> names = new HashSet<>();
        String digest = null;
        List<Object[]> block = null;
        List<Change> changes = new ArrayList<>();
        for (String line : COMMANDS) {
            Object[] words = words(line, prefix);
            String name = (String) words[0];
            names.add(name);
            if (name.equals("EVAL")) {
                digest = Keyspaces.text(model.command("SCRIPT", "LOAD", words[1]));
            } else if (name.equals("EVALSHA")) {
                words[1] = digest;
            }
            if (name.equals("MULTI")) {
                block = new ArrayList<>();
            } else if (name.equals("EXEC")) {
                changes.addAll(recent.transaction(block.toArray(new Object[0][])));
                block = null;
            } else {
                model.command(words);
                if (block != null) {
                    block.add(words);
                } else {
                    changes.add(recent.command(words));
                }
            }
        }
        sink.send(changes, 7);
        sink.awaitApplied();
        assertThat(Keyspaces.of(cluster.masters())).isEqualTo(Keyspaces.of(List.of(model)));
        assertThat(names).containsAll(PROMISED);
        SinkStatusMXBean status = SinkDriver.status();
        assertThat(status.getChangesRefused()).isZero();
        assertThat(status.getCrossSlotCopied() > 15).isEqualTo(prefix.equals("k:"));
    }

    private static Object[] words(String line, String prefix) {
        String[] split = line.split(" ");
        Object[] words = new Object[split.length];
        for (int i = 0; i < split.length; i++) {
            boolean payload = i == split.length - 1 && split[0].equals("RESTORE");
            words[i] = split[i].startsWith("%")
                    ? prefix + split[i].substring(1)
                    : payload ? model.command("DUMP", prefix + "a") : split[i];
        }
        return words;
    }
}
