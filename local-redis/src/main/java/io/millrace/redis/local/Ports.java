package io.millrace.redis.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Ports for servers that must keep theirs over a restart. They lie below the range from which operating systems number
 * outgoing connections, so that none of those can take the port while the server is down, and they leave room for the
 * cluster bus, which Redis puts 10000 above.
 */
final class Ports {
    private static final int FIRST = 11_000;
    private static final int END = 22_000;
    private static final int CLUSTER_BUS = 10_000;
    private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

    private Ports() {}

    /** A port that was free a moment ago; somebody else may be faster. */
    static int free(boolean cluster) {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int port = RANDOM.nextInt(FIRST, END);
            if (isFree(port) && (!cluster || isFree(port + CLUSTER_BUS))) {
                return port;
            }
        }
        throw new LocalServerException("No free TCP port between " + FIRST + " and " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }
}
