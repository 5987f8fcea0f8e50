package io.millrace.it.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** The files that a broker of the tests is started with. */
final class BrokerSettings {

    static final String HOST = "127.0.0.1";
    static final String FILE = "broker.properties";
    static final String LOGGING = "log4j2.properties";

    /** Below the range from which operating systems number outgoing connections: the port must be there after a kill. */
    private static final int FIRST_PORT = 11_000;

    private static final int END_PORT = 21_000;

    private static final String LOGGING_TEXT = """
            appender.console.type = Console
            appender.console.name = console
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d %p %m (%c{1})%n
            rootLogger.level = info
            rootLogger.appenderRef.console.ref = console
            """;

    private static final String TEXT = """
            process.roles = broker,controller
            node.id = 1
            log.dirs = %1$s/log
            controller.quorum.voters = 1@127.0.0.1:%3$d
            listeners = PLAINTEXT://127.0.0.1:%2$d,OWN://127.0.0.1:%4$d,CONTROLLER://127.0.0.1:%3$d
            advertised.listeners = PLAINTEXT://127.0.0.1:%5$d,OWN://127.0.0.1:%4$d
            controller.listener.names = CONTROLLER
            # What the broker says to itself does not go through the proxy of its clients.
            inter.broker.listener.name = OWN
            listener.security.protocol.map = PLAINTEXT:PLAINTEXT,OWN:PLAINTEXT,CONTROLLER:PLAINTEXT
            offsets.topic.num.partitions = 1
            offsets.topic.replication.factor = 1
            transaction.state.log.num.partitions = 1
            transaction.state.log.replication.factor = 1
            transaction.state.log.min.isr = 1
            share.coordinator.state.topic.num.partitions = 1
            share.coordinator.state.topic.replication.factor = 1
            share.coordinator.state.topic.min.isr = 1
            default.replication.factor = 1
            min.insync.replicas = 1
            group.initial.rebalance.delay.ms = 0
            group.min.session.timeout.ms = 1000
            # How long the controller takes a killed broker for alive, and turns it away when it comes back.
            broker.session.timeout.ms = 3000
            broker.heartbeat.interval.ms = 1000
            transaction.abort.timed.out.transaction.cleanup.interval.ms = 1000
            log.cleaner.dedupe.buffer.size = 4194304
            log.index.size.max.bytes = 1048576
            log.retention.ms = -1
            log.retention.bytes = -1
            auto.create.topics.enable = false
            """;

    private BrokerSettings() {}

    /** @param advertised the port that clients are told: the first of the others, or that of a proxy before it */
    static void write(Path directory, int[] ports, int advertised) throws IOException {
        Path absolute = directory.toAbsolutePath();
        Files.writeString(directory.resolve(FILE), TEXT.formatted(absolute, ports[0], ports[1], ports[2], advertised));
        Files.writeString(directory.resolve(LOGGING), LOGGING_TEXT);
    }

    /** Three ports, for clients, for the controller and for the broker itself, that were free a moment ago. */
    static int[] freePorts() throws IOException {
        RandomGenerator random = RandomGenerator.getDefault();
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = random.nextInt(FIRST_PORT, END_PORT);
            if (isFree(port) && isFree(port + 1) && isFree(port + 2)) {
                return new int[] {port, port + 1, port + 2};
            }
        }
        throw new IOException("no three free ports between " + FIRST_PORT + " and " + END_PORT);
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
            return true;
        } catch (java.net.BindException inUse) {
            return false;
        }
    }
}
