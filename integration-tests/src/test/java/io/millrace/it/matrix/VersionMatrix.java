package io.millrace.it.matrix;

import io.millrace.it.pipeline.Pipeline;
import io.millrace.it.worker.WorkerRest;
import io.millrace.it.workload.SampleGroup.Scope;
import io.millrace.it.workload.WorkloadRun;
import io.millrace.it.workload.WriteCommands;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import io.millrace.verify.Difference;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Migrates from each version to each: every type and encoding in the snapshot, then every write command in the stream, with
 * {@code unsupported.values=degrade}. Each key must be the same in the end, or be noted by the sink with what cannot exist at
 * the destination.
 */
public final class VersionMatrix {

    private static final String FUNCTIONS = "function libraries";

    private final WorkerRest rest;

    public VersionMatrix(WorkerRest rest) {
        this.rest = rest;
    }

    /** Runs one pair on servers that it starts. */
    Cell run(ServerVersion from, ServerVersion to) {
        try (LocalServer source = LocalServer.start(from);
                LocalServer destination = LocalServer.start(to);
                LocalServer peer = LocalServer.start(from)) {
            return run(source, destination, peer);
        }
    }

    /** The same into a cluster with {@code cross.slot=copy}: what fits into one database, and commands across slots. */
    Cell runIntoCluster(ServerVersion from, ServerVersion to) {
        try (LocalServer source = LocalServer.start(from);
                LocalCluster destination = LocalCluster.start(to);
                LocalServer peer = LocalServer.start(from)) {
            Pipeline.Options options = Pipeline.between(source, destination).withSink("cross.slot", "copy");
            return run(
                    source,
                    to,
                    options,
                    hash -> destination.masterOf(HashSlot.of(hash)),
                    peer,
                    populator -> populator.mixed(500),
                    Scope.ONE_SLOT,
                    Scope.SCATTERED,
                    Scope.CROSS_SLOT);
        }
    }

    private Cell run(LocalServer source, LocalServer destination, LocalServer peer) {
        return run(
                source,
                destination.version(),
                Pipeline.between(source, destination),
                hash -> destination,
                peer,
                Populator::everyType,
                Scope.ONE_SLOT,
                Scope.SCATTERED,
                Scope.CROSS_SLOT,
                Scope.DATABASES);
    }

    private interface Filling {
        void fill(Populator populator) throws IOException;
    }

    /**
     * Runs one pair.
     *
     * @param owner the destination's server that holds a key
     * @param peer of the source's version, for MIGRATE
     */
    private Cell run(
            LocalServer source,
            ServerVersion to,
            Pipeline.Options options,
            Function<byte[], LocalServer> owner,
            LocalServer peer,
            Filling filling,
            Scope... scopes) {
        long began = System.nanoTime();
        List<String> wrong = new ArrayList<>();
        SortedMap<String, Integer> exceptions = new TreeMap<>();
        long keys = 0;
        try (WorkloadRun workload = new WorkloadRun(source, peer)) {
            workload.run(WriteCommands.catalogue().groups(Scope.FLUSHING));
            try (RespClient client = source.connect()) {
                Populator populator = new Populator(client, 6);
                filling.fill(populator);
                if (source.version().isRedisAtLeast(8, 0)) {
                    populator.vectorSets();
                }
            }
            try (Pipeline pipeline = options.grouping("batch")
                    .withSink("unsupported.values", "degrade")
                    .withSink("errors.tolerance", "all")
                    .withSink("errors.log.enable", "true")
                    .start(rest)) {
                pipeline.awaitCaughtUp();
                workload.run(WriteCommands.catalogue().groups(scopes));
                VerifyReport report = pipeline.compareKeyspaces();
                pipeline.failOnFailure();
                keys = report.keysCompared();
                long refused = refused(pipeline.sinkConnector());
                if (refused > 0) {
                    wrong.add(refused + " changes were refused");
                }
                judge(report, noted(owner, pipeline.sinkConnector()), exceptions, wrong);
                functions(source, to, exceptions);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            String.valueOf(e)
                    .lines()
                    .filter(line -> !line.startsWith("\tat"))
                    .limit(5)
                    .forEach(wrong::add);
        }
        return new Cell(source.version(), to, keys, exceptions, wrong, (System.nanoTime() - began) / 1_000_000);
    }

    private static void judge(
            VerifyReport report,
            Map<DirtyKey, DirtyMark> noted,
            SortedMap<String, Integer> exceptions,
            List<String> wrong) {
        noted.values().stream()
                .map(VersionMatrix::what)
                .filter(Objects::nonNull)
                .forEach(what -> exceptions.merge(what, 1, Integer::sum));
        for (Difference difference : report.differences()) {
            DirtyMark mark = noted.get(new DirtyKey(difference.database(), difference.key()));
            if (mark == null) {
                wrong.add(difference.toString());
            } else if (what(mark) == null) {
                wrong.add(difference + " (" + mark.command() + ": " + mark.reason() + ")");
            }
        }
        if (report.differenceCount() > report.differences().size()) {
            wrong.add(report.differenceCount() + " differences in all");
        }
    }

    /** They have no key that could be noted. */
    private static void functions(LocalServer source, ServerVersion to, SortedMap<String, Integer> exceptions) {
        if (source.version().hasFunctions() && !to.hasFunctions()) {
            int libraries = ((List<?>) source.command("FUNCTION", "LIST")).size();
            exceptions.merge(FUNCTIONS, libraries, Integer::sum);
        }
    }

    /** From "The expiries of its fields cannot exist at the destination, Redis 6.0.16." and the like; null where it was refused. */
    private static String what(DirtyMark mark) {
        int end = mark.reason().indexOf(" cannot exist");
        if (end >= 0) {
            return mark.reason().substring(0, end).toLowerCase(Locale.ROOT);
        }
        return mark.reason().startsWith("After what was left out") ? "what builds on the others" : null;
    }

    /** What the sink's task has counted; the worker is in this process. */
    private static long refused(String sink) {
        try {
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName("io.millrace:type=sink,connector=" + sink + ",task=0");
            return (Long) beans.getAttribute(name, "ChangesRefused");
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<DirtyKey, DirtyMark> noted(Function<byte[], LocalServer> owner, String sink) throws IOException {
        Map<DirtyKey, DirtyMark> noted = new HashMap<>();
        try (RespClient client = owner.apply(DirtyKey.hashOf(sink)).connect()) {
            List<?> pairs = (List<?>) client.call("HGETALL", DirtyKey.hashOf(sink));
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                noted.put(DirtyKey.ofField((byte[]) pairs.get(i)), DirtyMark.parse((byte[]) pairs.get(i + 1)));
            }
        }
        return noted;
    }
}
