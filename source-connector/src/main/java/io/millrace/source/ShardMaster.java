package io.millrace.source;

import io.millrace.client.ClusterNodes;
import io.millrace.endpoint.Address;
import io.millrace.source.cluster.ClusterWatch;
import io.millrace.source.link.LinkException;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Finds the master of a shard of a cluster by what all nodes say now. */
final class ShardMaster implements MasterFinder {

    private final String shard;
    private final ClusterWatch watch;
    private Address failed;

    ShardMaster(String shard, ClusterWatch watch) {
        this.shard = shard;
        this.watch = watch;
    }

    @Override
    public Address find() throws IOException {
        ClusterNodes.Member master = watch.shards().get(shard);
        if (master == null || master.address().equals(failed)) {
            try {
                watch.awaitLook();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("Stopped while the cluster was asked.").initCause(e);
            }
            master = watch.shards().get(shard);
        }
        if (master == null && watch.isRemoved(shard)) {
            throw new RemovedShardException(shard);
        }
        if (master == null) {
            throw new LinkException.Unreachable(
                    watch.trouble().isEmpty()
                            ? "Shard " + shard + " has no master in the cluster: it is failing over, or was removed."
                            : "No node of the cluster answers: " + watch.trouble(),
                    null);
        }
        return master.address();
    }

    /** A node that was removed goes on sending. */
    @Override
    public boolean isStillRight(Address address) {
        return !watch.isRemoved(shard);
    }

    @Override
    public void failed(Address address) {
        failed = address;
    }
}
