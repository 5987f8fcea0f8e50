package io.millrace.verify;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.commands.ProtocolCommand;

/** The commands that a comparison sends: reads alone. */
enum Command implements ProtocolCommand {
    DUMP,
    EXISTS,
    GET,
    GETRANGE,
    HGETALL,
    HLEN,
    HMGET,
    HPEXPIRETIME,
    HSCAN,
    LLEN,
    LRANGE,
    MEMORY,
    PEXPIRETIME,
    PTTL,
    SCAN,
    SCARD,
    SISMEMBER,
    SMEMBERS,
    SSCAN,
    STRLEN,
    TIME,
    TYPE,
    VCARD,
    VDIM,
    VEMB,
    VGETATTR,
    VRANDMEMBER,
    XINFO,
    XLEN,
    XPENDING,
    XRANGE,
    ZCARD,
    ZRANGE;

    private final byte[] name = name().getBytes(StandardCharsets.US_ASCII);

    @Override
    public byte[] getRaw() {
        return name;
    }
}
