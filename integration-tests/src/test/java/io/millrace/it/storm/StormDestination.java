package io.millrace.it.storm;

import io.millrace.endpoint.RedisEndpoint;
import io.millrace.it.storm.StormOptions.DestinationKind;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import java.util.List;
import java.util.Map;

/** Where the sink writes to, and how it is broken. Struck by one thread; the others' methods may be called by any. */
interface StormDestination extends AutoCloseable {

    static StormDestination start(DestinationKind kind, ServerVersion version) {
        return kind == DestinationKind.CLUSTER ? ClusterDestination.start(version) : new SingleDestination(version);
    }

    /** The settings of the sink connector that name it. */
    Map<String, String> sinkConfig();

    /** Where the comparison reads. */
    RedisEndpoint endpoint();

    boolean isCluster();

    /** How many masters it has. */
    int shards();

    /** Which of them holds a key. */
    int shardOf(String key);

    /** The master of a shard as of now; a failover may be under way. */
    LocalServer master(int shard);

    /** A connection to the master of a shard as of now. */
    default RespClient connect(int shard) {
        return master(shard).connect();
    }

    /** The proxies of a shard's clients. */
    List<TcpProxy> proxies(int shard);

    /** Ends a master as a crash would, and has it back when its place is taken, or at once when it has kept its data. */
    void kill(int shard, int millis);

    /** Restarts a master with its data. */
    void restart(int shard);

    /** Ends a master whose replica lacks the writes of the last so many milliseconds; the replica takes its place. */
    void failOverLosingWrites(int shard, int millis);

    /** Waits until it is whole again: every server runs, every replica follows. */
    void awaitWhole();

    @Override
    void close();
}
