package io.millrace.cli.embedded;

import io.millrace.cli.Failure;
import io.millrace.cli.credentials.AddOn;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker and the worker of one data directory, started in that order and stopped in the other. What a killed
 * process left behind is recovered at start, so that the connectors stored in the directory go on by themselves.
 *
 * <p>One a process: Kafka's exit procedures are the JVM's. Methods may be called from any thread.
 */
public final class EmbeddedRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRuntime.class);

    /** Below this the broker's next segment or index may not fit. */
    private static final long NEARLY_FULL = 16L << 20;

    private final DataDirectory directory;
    private final FatalExit fatal;
    private final RunLog log;
    private final EmbeddedBroker broker;
    private final EmbeddedWorker worker;

    private EmbeddedRuntime(
            DataDirectory directory, FatalExit fatal, RunLog log, EmbeddedBroker broker, EmbeddedWorker worker) {
        this.directory = directory;
        this.fatal = fatal;
        this.log = log;
        this.broker = broker;
        this.worker = worker;
    }

    /**
     * Starts both with the connectors and the converter of this build; takes a few seconds. The directory stays the
     * caller's to close.
     *
     * @throws Failure when either does not start; nothing keeps running then
     */
    public static EmbeddedRuntime start(DataDirectory directory) {
        return start(directory, List.of(), Set.of());
    }

    /**
     * The same, with the connectors' credential providers that these add-ons bring.
     *
     * @param stopped connectors of an earlier run that are stopped before they could begin
     */
    public static EmbeddedRuntime start(DataDirectory directory, List<AddOn> addOns, Set<String> stopped) {
        return start(directory, PluginDirectory.unpackInto(directory.plugins(), addOns), stopped);
    }

    /** @param plugins the plugin path, whose plugins have ServiceLoader manifests */
    static EmbeddedRuntime start(DataDirectory directory, Path plugins) {
        return start(directory, plugins, Set.of());
    }

    private static EmbeddedRuntime start(DataDirectory directory, Path plugins, Set<String> stopped) {
        RunLog log = RunLog.open(directory.logFile());
        FatalExit fatal = FatalExit.install();
        EmbeddedBroker broker = null;
        try {
            broker = EmbeddedBroker.start(directory.brokerLog());
            forgetKilledMembers(broker.bootstrapServers());
            StoppedConnectors.write(broker.bootstrapServers(), stopped);
            EmbeddedWorker worker = EmbeddedWorker.start(broker.bootstrapServers(), plugins);
            return new EmbeddedRuntime(directory, fatal, log, broker, worker);
        } catch (Exception | FatalExit.ThreadEnd e) {
            Failure failure = explain(directory, log, "did not start", rootMessage(e));
            if (broker != null) {
                broker.close();
            }
            throw failure;
        }
    }

    /**
     * A consumer that was killed is a member of its group until its session ends, and its partitions wait for it. The
     * directory's lock says that no process of an earlier run is alive, so all members found now are such remains.
     */
    private static void forgetKilledMembers(String bootstrapServers) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            for (GroupListing group : admin.listGroups(ListGroupsOptions.forConsumerGroups())
                    .all()
                    .get()) {
                admin.removeMembersFromConsumerGroup(group.groupId(), new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get();
            }
        } catch (ExecutionException e) {
            // An empty group answers with an error as well; at worst the first poll waits for the session to end.
            LOG.warn(
                    "Members of an earlier run were not removed: {}",
                    e.getCause().toString());
        }
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Where the worker's REST interface listens. */
    public URI connectUrl() {
        return worker.url();
    }

    /** Why the broker or the worker gave up, if one did. Does not block. */
    public Optional<Failure> failure() {
        return fatal.first().isDone()
                ? Optional.of(explain(directory, log, "stopped", fatal.first().join()))
                : Optional.empty();
    }

    private static Failure explain(DataDirectory directory, RunLog log, String what, String fallback) {
        String next = "; free some space and run the same command again to go on.";
        if (directory.usableBytes() < NEARLY_FULL) {
            return new Failure("The disk of the data directory " + directory.root() + " is full" + next);
        }
        return new Failure(
                "The embedded broker " + what + ": " + log.lastErrorCause().orElse(fallback) + "; see "
                        + directory.logFile() + ", then run the same command again to go on.");
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    /** In order; when the broker has given up there is no order to keep, and the process is about to end. */
    @Override
    public void close() {
        if (fatal.first().isDone()) {
            return;
        }
        worker.close();
        broker.close();
    }
}
