package io.millrace.source;

import io.millrace.source.assemble.UnitAssembler;
import io.millrace.source.cluster.SlotGate;
import io.millrace.source.link.RespReader;
import io.millrace.source.publish.RunWriter;
import java.io.IOException;

/** Reads the command stream until the connection has ended and all that came is read. Owned by the parser's thread. */
final class StreamPhase {

    /** How often, in commands, the time is looked at while the wire always has more. */
    private static final int EVERY = 256;

    private final UnitAssembler assembler;
    private final Origins origins;
    private final Heartbeats heartbeats;
    private final RunWriter writer;
    private final SourceStatus status;

    /** Null for a standalone source. */
    private final SlotGate gate;

    private long changes;

    StreamPhase(
            UnitAssembler assembler,
            Origins origins,
            Heartbeats heartbeats,
            RunWriter writer,
            SourceStatus status,
            SlotGate gate) {
        this.assembler = assembler;
        this.origins = origins;
        this.heartbeats = heartbeats;
        this.writer = writer;
        this.status = status;
        this.gate = gate;
    }

    /** Changes read by this task, of snapshots too. */
    long changes() {
        return changes;
    }

    void add(long more) {
        changes += more;
    }

    /** Ends with an exception alone. */
    void read(SpooledLink link) throws IOException, InterruptedException {
        RespReader commands = link.commands();
        int untilLook = EVERY;
        while (true) {
            boolean waits = !commands.hasBuffered();
            if (waits) {
                settle(link);
            }
            byte[][] argv = commands.next();
            if (argv == null) {
                throw new IllegalStateException("the link ended its stream without saying why");
            }
            if (waits) {
                // No heartbeat here: it would stand for what came before the wait, and put off the one for what came
                // after.
                assembler.origin(origins.arrivedAt(link.arrivedAt()));
                untilLook = EVERY;
            } else if (--untilLook < 0) {
                assembler.origin(origins.arrivedAt(link.arrivedAt()));
                heartbeats.beat(assembler.origin(), assembler.unitEnd(), assembler.unitEndDb());
                status.read(assembler.unitEnd(), changes);
                untilLook = EVERY;
            }
            if (assembler.command(argv, commands.firstOffset(), commands.lastOffset())) {
                changes++;
            }
        }
    }

    /** The shard has left its cluster: it is stored that it has no slot, so that nobody waits for it later. */
    void leave() throws InterruptedException {
        gate.leave(assembler.unitEnd(), assembler.origin());
        heartbeats.mark(assembler.origin(), assembler.unitEnd(), assembler.unitEndDb());
        writer.flush(assembler.origin().generation(), assembler.unitEnd());
    }

    /** The wire has nothing more to give: what is gathered goes to Kafka. */
    private void settle(SpooledLink link) throws InterruptedException {
        assembler.origin(origins.arrivedAt(link.arrivedAt()));
        boolean between = assembler.unitEnd() >= heartbeats.changeOffset(); // not in a unit of which a part is out
        if (gate != null && between && gate.reached(assembler.unitEnd(), assembler.origin())) {
            heartbeats.mark(assembler.origin(), assembler.unitEnd(), assembler.unitEndDb()); // it takes that along
        }
        heartbeats.beat(assembler.origin(), assembler.unitEnd(), assembler.unitEndDb());
        writer.flush(assembler.origin().generation(), assembler.unitEnd());
        status.read(assembler.unitEnd(), changes);
    }
}
