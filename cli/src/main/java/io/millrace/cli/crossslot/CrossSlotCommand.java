package io.millrace.cli.crossslot;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.StopSignal;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.options.SourceOptions;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.precheck.Prechecks;
import io.millrace.endpoint.Topology;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.RedisFailureException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace cross-slot}. */
@Command(
        name = "cross-slot",
        sortOptions = true,
        header = "Count what a cluster would not execute as it is.",
        description = {
            "",
            "Follows the replication stream of a standalone source for a while and counts the commands and transactions whose"
                    + " keys are in several hash slots, by name and with example keys: which of them a sink divides, executes on"
                    + " copies, or refuses. Nothing is written anywhere.",
            ""
        },
        footer = {
            "",
            "Exits with 0 when a cluster executes everything as it is, and with 4 when not. Ctrl-C ends it early, with what was"
                    + " counted until then.",
            "",
            "Example:",
            "  millrace cross-slot --source redis://old:6379 --for 300"
        })
public final class CrossSlotCommand implements Callable<Integer> {
    private static final Duration ACKNOWLEDGEMENTS = Duration.ofSeconds(1);

    @Mixin
    private SourceOptions source;

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            order = 20,
            defaultValue = "60",
            description = "How long to follow the stream. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--allow-copy",
            order = 21,
            description =
                    "Go on where the source has no replication backlog, so that it has to make a copy of its data once"
                            + " (BGSAVE), which is read and dropped.")
    private boolean allowCopy;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1) {
            throw new Failure(ExitStatus.USAGE, "--for: give a number of seconds from 1 on.");
        }
        Map<String, String> environment = System.getenv();
        Terminal terminal = output.terminal(environment);
        Side from = source.side(environment);
        refuseCluster(from);
        CrossSlotTally tally = new CrossSlotTally();
        try (StopSignal stop = StopSignal.install(Duration.ofSeconds(10));
                ReplicationTap tap = ReplicationTap.open(from.endpoint(Topology.STANDALONE), allowCopy)) {
            long began = System.nanoTime();
            Thread clock = new Thread(() -> watch(tap, stop), "millrace-cross-slot-clock");
            clock.setDaemon(true);
            clock.start();
            for (byte[][] command = tap.next(); command != null; command = tap.next()) {
                tally.add(command);
            }
            new CrossSlotPrinter(terminal).print(from.display(), Duration.ofNanos(System.nanoTime() - began), tally);
        } catch (RedisFailureException e) {
            throw new Failure(e.getMessage());
        } catch (IOException e) {
            throw new Failure("The replication stream of " + from + " broke off. "
                    + FailureClassifier.of(e).sentence());
        }
        return (tally.isPlain() ? ExitStatus.OK : ExitStatus.DIFFERENT).code();
    }

    private static void refuseCluster(Side from) {
        try {
            if (Prechecks.topology(from) == Topology.CLUSTER) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        "The source " + from
                                + " is a cluster, which executes nothing across slots; migrate it as it is,"
                                + " or name a standalone server with --source.");
            }
        } catch (RedisFailureException e) {
            // What follows says it as it concerns the stream.
            return;
        }
    }

    /** Keeps the source's link alive, and ends it when the time is over. */
    private void watch(ReplicationTap tap, StopSignal stop) {
        try {
            for (int second = 0; second < seconds && !stop.isWanted(); second++) {
                tap.acknowledge();
                stop.pause(ACKNOWLEDGEMENTS);
            }
        } catch (IOException e) {
            // the reading side says what has happened
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tap.close();
    }
}
