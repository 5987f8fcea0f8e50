package io.millrace.it.storm;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Restarts connectors and tasks that have failed, as an operator would, and keeps why. On a thread of its own. */
final class TaskWatch implements AutoCloseable {

    private static final int PAUSE_MILLIS = 1_000;

    private final StormPipeline pipeline;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;

    TaskWatch(StormPipeline pipeline) {
        this.pipeline = pipeline;
        this.thread = new Thread(this::run, "task-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** One sentence a failure. */
    List<String> failures() {
        return failures;
    }

    private void run() {
        while (!stopping) {
            Pause.millis(PAUSE_MILLIS);
            Map<String, String> failed = pipeline.workers().failures(pipeline.connectors());
            failed.forEach((connector, trace) -> {
                failures.add(connector + ": " + sentence(trace));
                pipeline.workers().restartFailed(connector);
            });
        }
    }

    /** The innermost cause says most. */
    private static String sentence(String trace) {
        return trace.lines()
                .filter(line -> !line.startsWith("\t"))
                .reduce((first, last) -> last)
                .orElse("no trace");
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The storm was interrupted", e);
        }
    }
}
