package io.millrace.cli.embedded;

import java.nio.file.Path;
import java.util.Properties;

/** The settings of the one-node broker: loopback only, small in memory, quick to start. */
final class BrokerProperties {
    private BrokerProperties() {}

    static Properties of(Path logDirectory, int brokerPort, int controllerPort) {
        Properties p = new Properties();
        identity(p, logDirectory, brokerPort, controllerPort);
        oneOfEverything(p);
        small(p);
        quick(p);
        // The log is what a run goes on from; nothing in it expires on its own.
        p.setProperty("log.retention.ms", "-1");
        p.setProperty("log.retention.bytes", "-1");
        p.setProperty("offsets.retention.minutes", "525600");
        p.setProperty("auto.create.topics.enable", "false");
        return p;
    }

    private static void identity(Properties p, Path logDirectory, int brokerPort, int controllerPort) {
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", "1");
        p.setProperty("log.dirs", logDirectory.toString());
        p.setProperty("controller.quorum.voters", "1@" + Loopback.HOST + ":" + controllerPort);
        String broker = "PLAINTEXT://" + Loopback.HOST + ":" + brokerPort;
        String controller = "CONTROLLER://" + Loopback.HOST + ":" + controllerPort;
        p.setProperty("listeners", broker + "," + controller);
        p.setProperty("advertised.listeners", broker);
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("inter.broker.listener.name", "PLAINTEXT");
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    }

    private static void oneOfEverything(Properties p) {
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            p.setProperty(topic + ".num.partitions", "1");
            p.setProperty(topic + ".replication.factor", "1");
        }
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        p.setProperty("default.replication.factor", "1");
        p.setProperty("min.insync.replicas", "1");
    }

    private static void small(Properties p) {
        p.setProperty("num.network.threads", "1");
        p.setProperty("num.io.threads", "2");
        p.setProperty("background.threads", "2");
        p.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
        p.setProperty("log.segment.bytes", String.valueOf(128 << 20));
        p.setProperty("log.index.size.max.bytes", String.valueOf(1 << 20));
        p.setProperty("metadata.log.segment.bytes", String.valueOf(16 << 20));
        p.setProperty("metadata.max.idle.interval.ms", "5000");
    }

    private static void quick(Properties p) {
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("group.min.session.timeout.ms", "1000");
        // The controller admits a broker again once the session of its former life is over: at once after an orderly
        // stop, after this time when it was killed.
        p.setProperty("broker.session.timeout.ms", "3000");
        p.setProperty("broker.heartbeat.interval.ms", "1000");
    }
}
