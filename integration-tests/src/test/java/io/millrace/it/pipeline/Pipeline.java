package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.endpoint.RedisEndpoint;
import io.millrace.it.worker.WorkerRest;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A source connector and a sink connector between two deployments, through a topic of their own. */
public final class Pipeline implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration CATCH_UP = Duration.ofSeconds(300);
    private static final Duration CAPTURE_DELAY = Duration.ofSeconds(1);

    private WorkerRest rest;
    private final LocalServer source;
    private final Destination destination;
    private final String name;
    private final Map<String, String> sourceConfig;
    private final Map<String, String> sinkConfig;
    private final VerifyOptions comparison;
    private final Duration catchUp;
    private int barriers;

    private Pipeline(Options options, WorkerRest rest) {
        this.rest = rest;
        this.source = options.source;
        this.destination = options.destination;
        this.name = options.name;
        this.sourceConfig = options.sourceConfig();
        this.sinkConfig = options.sinkConfig();
        this.comparison = options.comparison();
        this.catchUp = options.catchUp;
    }

    public static Options between(LocalServer source, LocalServer destination) {
        return new Options(source, Destination.of(destination));
    }

    public static Options between(LocalServer source, LocalCluster destination) {
        return new Options(source, Destination.of(destination));
    }

    public String sourceConnector() {
        return name + "-source";
    }

    public String sinkConnector() {
        return name + "-sink";
    }

    public String topic() {
        return name;
    }

    /** The worker that runs the connectors now listens there. */
    public void moveTo(WorkerRest other) {
        rest = other;
    }

    public void startSource() {
        rest.put(sourceConnector(), sourceConfig);
    }

    public void startSink() {
        rest.put(sinkConnector(), sinkConfig);
    }

    /** Writes a key for each node of the destination at the source, and waits until all have arrived. */
    public void awaitCaughtUp() throws IOException {
        if (barriers == 0) {
            awaitStream();
        }
        String value = "barrier " + ++barriers;
        Map<String, LocalServer> keys = destination.keyOnEachMaster("barrier:" + name);
        try (RespClient client = source.connect()) {
            for (String key : keys.keySet()) {
                client.call("SET", key, value);
            }
        }
        for (Map.Entry<String, LocalServer> key : keys.entrySet()) {
            try (RespClient client = key.getValue().connect()) {
                Awaitility.await(name + ", " + value).atMost(catchUp).until(() -> {
                    failOnFailure();
                    return client.call("GET", key.getKey()) instanceof byte[] seen
                            && new String(seen, StandardCharsets.UTF_8).equals(value);
                });
            }
        }
    }

    /** What is written before the snapshot is taken is a part of it, and may arrive before other keys do. */
    private void awaitStream() {
        if (!"scan".equals(sourceConfig.get("capture.mode"))) {
            Awaitility.await(name + ", the source is followed").atMost(catchUp).until(() -> {
                failOnFailure();
                return source.command("INFO", "replication") instanceof byte[] info
                        && new String(info, StandardCharsets.US_ASCII).contains("state=online");
            });
        }
    }

    /** Catches up, then compares every key's type, value and expiry; what differs is for the caller to judge. */
    public VerifyReport compareKeyspaces() throws IOException {
        awaitCaughtUp();
        return compare();
    }

    /** Catches up, then compares every key's type, value and expiry. */
    public VerifyReport assertEqualKeyspaces() throws IOException {
        awaitCaughtUp();
        VerifyReport report = compare();
        assertThat(report.isEqual()).as("%s", String.join("\n", report.lines())).isTrue();
        failOnFailure();
        return report;
    }

    /** Compares every key's type, value and expiry now: for a source that this pipeline does not write to. */
    public VerifyReport compareAsTheyAre() {
        return compare();
    }

    /** The trace of whichever connector has failed becomes the test's failure. */
    public void failOnFailure() {
        for (String connector : new String[] {sourceConnector(), sinkConnector()}) {
            rest.failure(connector).ifPresent(trace -> {
                throw new AssertionError(connector + " failed: " + trace);
            });
        }
    }

    @Override
    public void close() {
        rest.delete(sinkConnector());
        rest.delete(sourceConnector());
    }

    private VerifyReport compare() {
        try {
            RedisEndpoint from = RedisEndpoint.standalone(Destination.address(source));
            return new KeyspaceComparison(from, destination.endpoint(), comparison).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a pipeline is made of. */
    public static final class Options {
        private final LocalServer source;
        private final Destination destination;
        private final String name = "pipeline-" + COUNT.incrementAndGet();
        private final Map<String, String> both = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        private final Map<String, String> sourceOnly = new LinkedHashMap<>();
        private final Map<String, String> sinkOnly = new LinkedHashMap<>();
        private Duration catchUp = CATCH_UP;
        private Duration expiryTolerance;

        private Options(LocalServer source, Destination destination) {
            this.source = source;
            this.destination = destination;
        }

        /** A setting of both connectors, such as a converter. */
        public Options with(Map<String, String> settings) {
            both.putAll(settings);
            return this;
        }

        public Options withSource(String setting, String value) {
            sourceOnly.put(setting, value);
            return this;
        }

        public Options withSink(String setting, String value) {
            sinkOnly.put(setting, value);
            return this;
        }

        /** How long it may take until everything has arrived. */
        public Options catchingUpWithin(Duration patience) {
            catchUp = patience;
            return this;
        }

        /** How far expiries may lie apart. */
        public Options toleratingExpiriesWithin(Duration tolerance) {
            expiryTolerance = tolerance;
            return this;
        }

        /** {@code single} or {@code batch}. */
        public Options grouping(String grouping) {
            return withSource("record.grouping", grouping);
        }

        /** Creates both connectors. */
        public Pipeline start(WorkerRest rest) {
            Pipeline pipeline = new Pipeline(this, rest);
            pipeline.startSource();
            pipeline.startSink();
            return pipeline;
        }

        /**
         * Redis before 7.0 sends expiries as seconds from now to its replicas; they are as exact then as the moment of capture.
         */
        private VerifyOptions comparison() {
            VerifyOptions exact = VerifyOptions.defaults();
            if (expiryTolerance != null) {
                return exact.withExpiryTolerance(expiryTolerance);
            }
            boolean absolute = source.version().isValkey() || source.version().isRedisAtLeast(7, 0);
            return absolute ? exact : exact.withExpiryTolerance(CAPTURE_DELAY);
        }

        private Map<String, String> sourceConfig() {
            Map<String, String> config = new LinkedHashMap<>();
            config.put("connector.class", "io.millrace.source.RedisSourceConnector");
            config.put("tasks.max", "1");
            config.put("redis.hosts", Destination.address(source).toString());
            config.put("topic", name);
            config.put("topic.creation.default.partitions", "1");
            config.put("topic.creation.default.replication.factor", "1");
            config.putAll(both);
            config.putAll(sourceOnly);
            return config;
        }

        private Map<String, String> sinkConfig() {
            Map<String, String> config = new LinkedHashMap<>();
            config.put("connector.class", "io.millrace.sink.RedisSinkConnector");
            config.put("tasks.max", "1");
            config.put("topics", name);
            config.putAll(destination.config());
            config.putAll(both);
            config.putAll(sinkOnly);
            return config;
        }
    }
}
