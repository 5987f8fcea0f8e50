package io.millrace.sink.plan;

/** What became of a command or transaction with keys in several slots of a cluster. */
public enum Crossing {
    /** A command was divided by slot, or a transaction applied slot by slot. */
    SPLIT,
    /** The command was executed on copies of its keys: {@link Unit.Route#GATHERED}. */
    COPIED,
    /** It was refused. */
    REFUSED
}
