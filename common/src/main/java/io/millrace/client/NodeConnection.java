package io.millrace.client;

import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisSocketFactory;

/** A connection of Jedis whose buffer can be sent off without a wait for a reply. */
final class NodeConnection extends Connection {

    NodeConnection(JedisSocketFactory sockets) {
        super(sockets);
    }

    @Override
    public void flush() {
        super.flush();
    }
}
