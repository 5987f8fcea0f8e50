package io.millrace.cli.migration;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What keeps a task of the embedded worker from moving although it has not failed: a server that is away, or a target without
 * memory. The tasks say so through JMX, in this JVM; on a worker elsewhere there is nothing to read.
 */
public final class TaskTrouble {
    private static final Set<String> WELL = Set.of("running", "connecting", "snapshot", "stream", "removed", "stopped");

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

    /** For example {@code target: waiting for memory (OOM command not allowed…)}; empty when both are well. */
    public Optional<String> read() {
        Optional<String> target = read("sink", "State", "target");
        return target.isPresent() ? target : read("source", "Phase", "source");
    }

    private Optional<String> read(String type, String attribute, String side) {
        try {
            for (ObjectName name :
                    new TreeSet<>(beans.queryNames(new ObjectName("io.millrace:type=" + type + ",*"), null))) {
                String state = (String) beans.getAttribute(name, attribute);
                if (!WELL.contains(state)) {
                    String error = (String) beans.getAttribute(name, "LastError");
                    return Optional.of(side + ": " + state + (error.isEmpty() ? "" : " (" + oneLine(error) + ")"));
                }
            }
            return Optional.empty();
        } catch (JMException e) {
            // The task ended between the query and the reading; its connector's status says how.
            return Optional.empty();
        }
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
