package io.millrace.sink;

import io.millrace.sink.apply.ApplyAbortedException;
import io.millrace.sink.apply.OwnHash;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Scripts;
import io.millrace.sink.plan.Unit;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Keeps at the destination what {@link Scripts} knows, in a hash of the sink's own, so that a later task knows it too. A script is
 * written there before the command that brought it counts as applied.
 *
 * <p>Belongs to the thread that applies.
 */
final class ScriptStore implements AutoCloseable {

    private static final String HASH = "__millrace:scripts:";

    private final OwnHash hash;
    private final Scripts scripts;

    ScriptStore(OwnHash hash, Scripts scripts) {
        this.hash = hash;
        this.scripts = scripts;
    }

    /** The name of the hash: {@code __millrace:scripts:<connector>}. */
    static byte[] hashOf(String connector) {
        return (HASH + connector).getBytes(StandardCharsets.UTF_8);
    }

    Scripts scripts() {
        return scripts;
    }

    /** Reads what earlier tasks have written. */
    void load() throws ApplyAbortedException {
        hash.read((digest, body) -> scripts.restore(new String(digest, StandardCharsets.US_ASCII), body));
    }

    /** Writes what is new. */
    void settle() throws ApplyAbortedException {
        if (scripts.isChanged()) {
            hash.put(scripts.additions());
            hash.remove(scripts.drops());
            scripts.noted();
        }
    }

    /** What empties or exchanges databases may have taken the hash along. */
    void settle(List<Unit> applied) throws ApplyAbortedException {
        for (Unit unit : applied) {
            if (unit.isBarrier()) {
                for (PlannedCommand command : unit.commands()) {
                    String name = command.name().text();
                    if (name.startsWith("FLUSH") || name.equals("SWAPDB")) {
                        scripts.forgotten();
                    }
                }
            }
        }
        settle();
    }

    @Override
    public void close() {
        hash.close();
    }
}
