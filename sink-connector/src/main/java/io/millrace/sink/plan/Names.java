package io.millrace.sink.plan;

/** The commands that the planner writes by itself. */
final class Names {

    static final CommandName DEL = CommandName.of("DEL");
    static final CommandName EVAL = CommandName.of("EVAL");
    static final CommandName FUNCTION = CommandName.of("FUNCTION");
    static final CommandName HPEXPIREAT = CommandName.of("HPEXPIREAT");
    static final CommandName HSET = CommandName.of("HSET");
    static final CommandName LTRIM = CommandName.of("LTRIM");
    static final CommandName PEXPIREAT = CommandName.of("PEXPIREAT");
    static final CommandName RENAME = CommandName.of("RENAME");
    static final CommandName RENAMENX = CommandName.of("RENAMENX");
    static final CommandName RESTORE = CommandName.of("RESTORE");
    static final CommandName RPUSH = CommandName.of("RPUSH");
    static final CommandName SADD = CommandName.of("SADD");
    static final CommandName SET = CommandName.of("SET");
    static final CommandName SETRANGE = CommandName.of("SETRANGE");
    static final CommandName XADD = CommandName.of("XADD");
    static final CommandName XCLAIM = CommandName.of("XCLAIM");
    static final CommandName XDEL = CommandName.of("XDEL");
    static final CommandName XGROUP = CommandName.of("XGROUP");
    static final CommandName XSETID = CommandName.of("XSETID");
    static final CommandName ZADD = CommandName.of("ZADD");

    private Names() {}
}
