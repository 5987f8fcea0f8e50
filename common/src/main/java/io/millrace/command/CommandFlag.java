package io.millrace.command;

/** The flags of COMMAND that matter here (server.h, CMD_*). */
public enum CommandFlag {
    WRITE,
    READONLY,
    ADMIN,
    BLOCKING,
    DENYOOM,
    NOSCRIPT,
    PUBSUB,
    MODULE,
    /** The keys cannot be found by first, last and step alone. */
    MOVABLEKEYS
}
