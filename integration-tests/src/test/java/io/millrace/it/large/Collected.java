package io.millrace.it.large;

/** The types whose values have elements, and how the elements of one range are written. */
enum Collected {
    ZSET("ZCARD", "redis.call('ZADD',KEYS[1],i/7,'member:'..i)"),
    HASH("HLEN", "redis.call('HSET',KEYS[1],'field:'..i,'value:'..i)"),
    LIST("LLEN", "redis.call('RPUSH',KEYS[1],'element:'..i)"),
    SET("SCARD", "redis.call('SADD',KEYS[1],'member:'..i)"),
    STREAM("XLEN", "redis.call('XADD',KEYS[1],i..'-1','field','value:'..i,'other',i)");

    private static final int FRACTION = 5;

    private final String size;
    private final String one;

    Collected(String size, String one) {
        this.size = size;
        this.one = one;
    }

    String key() {
        return "huge:" + name().toLowerCase(java.util.Locale.ROOT) + ":elements";
    }

    /** The command that says how many elements there are. */
    String size() {
        return size;
    }

    int count(LargeSizes sizes) {
        return this == ZSET ? sizes.members() : sizes.members() / FRACTION;
    }

    String script() {
        return "for i=tonumber(ARGV[1]),tonumber(ARGV[2]) do " + one + " end";
    }
}
