package io.millrace.endpoint;

/** How the processes behind an endpoint share the data. */
public enum Topology {
    /** One master, with any number of replicas; databases 0 to n. */
    STANDALONE,
    /** Redis Cluster: 16384 slots over several masters; the addresses are seeds. */
    CLUSTER,
    /** As standalone, and Sentinel says which server is the master: the addresses are sentinels. */
    SENTINEL
}
