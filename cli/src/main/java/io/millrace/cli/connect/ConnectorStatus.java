package io.millrace.cli.connect;

import java.util.List;
import java.util.Optional;

/**
 * What Connect says about one connector.
 *
 * @param state for example {@code RUNNING}, {@code PAUSED}, {@code FAILED}
 * @param trace the stack trace of a failed connector, empty otherwise
 * @param worker {@code host:port} of the worker that says so
 */
public record ConnectorStatus(String name, String state, String trace, String worker, List<Task> tasks) {
    private static final String FAILED = "FAILED";
    private static final String CAUSED_BY = "Caused by: ";

    /** One task; {@code trace} and {@code worker} as above. */
    public record Task(int id, String state, String trace, String worker) {}

    public ConnectorStatus {
        tasks = List.copyOf(tasks);
    }

    /** Only what this worker says; with none named, all of it. What others said comes back as state {@code UNASSIGNED}. */
    public ConnectorStatus by(Optional<String> wanted) {
        if (wanted.isEmpty()) {
            return this;
        }
        String id = wanted.get();
        List<Task> own = tasks.stream().filter(task -> task.worker().equals(id)).toList();
        return worker.equals(id)
                ? new ConnectorStatus(name, state, trace, worker, own)
                : new ConnectorStatus(name, "UNASSIGNED", "", worker, own);
    }

    /** True when the connector and at least one task are in this state, and no task is in another. */
    public boolean isAll(String wanted) {
        return state.equals(wanted)
                && !tasks.isEmpty()
                && tasks.stream().allMatch(task -> task.state().equals(wanted));
    }

    /** Why the connector or one of its tasks failed, as the message of the root cause; empty when nothing failed. */
    public Optional<String> failure() {
        if (state.equals(FAILED)) {
            return Optional.of(rootMessage(trace));
        }
        return tasks.stream()
                .filter(task -> task.state().equals(FAILED))
                .findFirst()
                .map(task -> rootMessage(task.trace()));
    }

    /** The message of the innermost cause in a printed stack trace, on one line, without the exception's class. */
    static String rootMessage(String trace) {
        int last = trace.lastIndexOf(CAUSED_BY);
        String root = last < 0 ? trace : trace.substring(last + CAUSED_BY.length());
        int frames = root.indexOf("\n\tat ");
        String message = (frames < 0 ? root : root.substring(0, frames)).strip().replaceAll("\\s*\\R\\s*", " ");
        int colon = message.indexOf(": ");
        boolean named = colon > 0 && message.substring(0, colon).matches("[\\w.$]+");
        return named ? message.substring(colon + 2) : message;
    }
}
