package io.millrace.cli.plan;

import io.millrace.cli.output.Quantity;
import io.millrace.sizing.Layout;
import io.millrace.sizing.Limit;
import io.millrace.sizing.SizingPlan;
import io.millrace.sizing.SizingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What to do about it, in sentences. */
final class Advice {
    private static final double WORTH_IT = 1.1;
    private static final long LONG_SEARCH_SECONDS = 60;

    private Advice() {}

    static List<String> of(SizingRequest request, SizingPlan plan, SourceFigures source) {
        List<String> sentences = new ArrayList<>();
        tooSlow(request, plan, sentences);
        batches(request.layout(), plan, sentences);
        if (plan.workers().cores() > request.layout().cores()) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "The workers have %.1f cores and need about %.1f; give them more.",
                    request.layout().cores(),
                    plan.workers().cores()));
        }
        if (plan.copy().ghostSeconds() > LONG_SEARCH_SECONDS) {
            sentences.add("After every copy but the first the sink looks for ghosts, and applies nothing for "
                    + PlanText.time(plan.copy().ghostSeconds())
                    + "; where no key can have been deleted unseen, resync.ghosts=keep spares it.");
        }
        if (source != null) {
            source(plan.source(), source, sentences);
        }
        return sentences;
    }

    private static void tooSlow(SizingRequest request, SizingPlan plan, List<String> sentences) {
        if (!plan.stream().keepsUp()) {
            sentences.add("The writes are more than can be applied ("
                    + Quantity.count(Math.round(request.load().writesPerSecond())) + "/s of "
                    + Quantity.count((long) plan.stream().pace().perSecond())
                    + "/s), so the destination would fall behind for ever; the limit is "
                    + plan.stream().pace().limit().text() + ".");
        } else if (!plan.copy().fitsWindow()) {
            sentences.add("The copy does not fit into its window; the limit is "
                    + plan.copy().pace().limit().text() + ".");
        }
        if (plan.tooSlow() && request.layout().isOrderedAsOne() && isOfTasks(plan)) {
            sentences.add("More tasks do not help: the commands of a single server have one order, and so one task.");
        }
    }

    private static boolean isOfTasks(SizingPlan plan) {
        Limit limit = plan.copy().pace().limit();
        return limit == Limit.SINK_THREADS || limit == Limit.ROUND_TRIP || limit == Limit.SOURCE_THREADS;
    }

    private static void batches(Layout layout, SizingPlan plan, List<String> sentences) {
        double before = plan.copy().pace().perSecond();
        double after = plan.copy().withLargerBatches().perSecond();
        if (after > before * WORTH_IT) {
            int commands = plan.workers().betterBatchCommands();
            sentences.add(String.format(
                    Locale.ROOT,
                    "The sink waits for the answers to each batch, over %.1f ms: set batch.max.commands=%d and"
                            + " in.flight.max.commands=%d at the sink connector for about %,d keys/s in place of %,d,"
                            + " or run the worker beside the destination.",
                    layout.destinationRoundTripMillis(),
                    commands,
                    commands,
                    (long) after,
                    (long) before));
        }
    }

    private static void source(SizingPlan.Source needs, SourceFigures source, List<String> sentences) {
        if (source.backlogBytes() < needs.backlogBytes()) {
            sentences.add("The source's repl-backlog-size is " + Quantity.bytes(source.backlogBytes())
                    + ", too little for such a blip: CONFIG SET repl-backlog-size "
                    + (long) needs.backlogBytes() + ".");
        }
        if (source.bufferBytes().isPresent()
                && source.bufferBytes().getAsLong() != 0
                && source.bufferBytes().getAsLong() < needs.bufferHardBytes()) {
            sentences.add("The source cuts a replica that is "
                    + Quantity.bytes(source.bufferBytes().getAsLong())
                    + " behind: CONFIG SET client-output-buffer-limit \"" + PlanText.bufferLimit(needs) + "\".");
        }
        double more = needs.forkBytes() + needs.bufferBytes();
        if (source.memoryBytes().isPresent() && source.memoryBytes().getAsLong() < more) {
            sentences.add("During the copy the source may need " + Quantity.bytes((long) more)
                    + " more, and its machine has "
                    + Quantity.bytes(Math.max(0, source.memoryBytes().getAsLong()))
                    + " beside it; copy when there are fewer writes, or from a replica on another machine.");
        }
    }
}
