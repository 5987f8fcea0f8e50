package io.millrace.source.assemble;

/** A command name that occurred in the stream, resolved once. */
record KnownCommand(String name, Role role) {

    /** What a command is to the assembler. */
    enum Role {
        /** Changes data, or is to be replayed for another reason: published. */
        WRITE,
        /** Serves the link: PING, REPLCONF. */
        LINK,
        SELECT,
        MULTI,
        EXEC
    }

    static KnownCommand of(String name) {
        Role role = switch (name) {
            case "PING", "REPLCONF" -> Role.LINK;
            case "SELECT" -> Role.SELECT;
            case "MULTI" -> Role.MULTI;
            case "EXEC" -> Role.EXEC;
            default -> Role.WRITE;
        };
        return new KnownCommand(name, role);
    }
}
