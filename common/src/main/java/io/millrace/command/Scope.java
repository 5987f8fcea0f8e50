package io.millrace.command;

/** Which nodes of a cluster a command concerns. */
public enum Scope {
    /** The nodes of its keys. A command of this scope without keys, such as EVAL with none, tells nothing about its node. */
    KEYS,
    /** Every master: FLUSHALL, FUNCTION LOAD. */
    ALL_NODES,
    /** Any one node, as the cluster passes it on by itself: PUBLISH. */
    ANY_NODE,
    /** The node of the slot of its channel, which is argument 1 and no key: SPUBLISH. */
    CHANNEL,
    /** Speaks of the slots of the source's own nodes and means nothing elsewhere: TRIMSLOTS. */
    TOPOLOGY,
    /** Part of the stream or connection itself, not of the data: SELECT, MULTI, PING. */
    CONNECTION,
    /** Administers the server that it is sent to; never replicated. */
    SERVER
}
