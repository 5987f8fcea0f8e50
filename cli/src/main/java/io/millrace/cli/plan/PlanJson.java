package io.millrace.cli.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.sizing.Coefficient;
import io.millrace.sizing.Coefficients;
import io.millrace.sizing.Pace;
import io.millrace.sizing.SizingPlan;
import java.util.List;
import java.util.Locale;

/** A plan for machines: seconds, bytes and whole names; null is what never ends. */
final class PlanJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanJson() {}

    static String of(PlanInputs inputs, Coefficients known, SizingPlan plan, List<String> advice) {
        ObjectNode node = JSON.createObjectNode();
        node.put("event", "plan");
        node.put("tooSlow", plan.tooSlow());
        copy(node.putObject("copy"), plan.copy());
        stream(node.putObject("stream"), plan.stream());
        SizingPlan.Workers workers = plan.workers();
        node.putObject("workers")
                .put("cores", workers.cores())
                .put("heapBytes", Math.round(workers.heapBytes()))
                .put("sourceTasks", workers.sourceTasks())
                .put("sinkTasks", workers.sinkTasks())
                .put("betterBatchCommands", workers.betterBatchCommands())
                .put("spoolBytesAShard", Math.round(plan.source().spoolBytes()));
        node.putObject("kafka")
                .put("partitions", workers.partitions())
                .put("diskBytes", Math.round(plan.log().diskBytes()))
                .put("copyBytes", Math.round(plan.log().copyBytes()))
                .put("streamBytes", Math.round(plan.log().streamBytes()))
                .put("bytesPerSecond", Math.round(plan.log().bytesPerSecond()));
        SizingPlan.Source source = plan.source();
        node.putObject("sourceShard")
                .put("backlogBytes", Math.round(source.backlogBytes()))
                .put("outputBufferLimit", PlanText.bufferLimit(source))
                .put("sendSeconds", source.sendSeconds())
                .put("forkBytes", Math.round(source.forkBytes()))
                .put("bufferBytes", Math.round(source.bufferBytes()));
        ArrayNode from = node.putArray("inputs");
        inputs.given().forEach(one -> figure(from, one.name(), one.value(), one.unit(), one.origin()));
        ArrayNode with = node.putArray("coefficients");
        for (Coefficient one : known.all()) {
            figure(with, one.name(), one.value(), one.unit(), one.origin());
        }
        ArrayNode sentences = node.putArray("advice");
        advice.forEach(sentences::add);
        return node.toString();
    }

    private static void copy(ObjectNode node, SizingPlan.Copy copy) {
        pace(node, copy.pace());
        number(node, "seconds", copy.seconds());
        number(node, "catchUpSeconds", copy.catchUpSeconds());
        number(node, "ghostSeconds", copy.ghostSeconds());
        node.put("fitsWindow", copy.fitsWindow());
        node.put("perSecondWithBetterBatch", copy.withLargerBatches().perSecond());
    }

    private static void stream(ObjectNode node, SizingPlan.Stream stream) {
        pace(node, stream.pace());
        node.put("utilization", stream.utilization());
        number(node, "lagMillis", stream.lagMillis());
    }

    private static void pace(ObjectNode node, Pace pace) {
        node.put("perSecond", pace.perSecond());
        node.put("limit", pace.limit().name().toLowerCase(Locale.ROOT));
        ObjectNode ceilings = node.putObject("ceilings");
        pace.ceilings().forEach((limit, ceiling) -> ceilings.put(limit.name().toLowerCase(Locale.ROOT), ceiling));
    }

    private static void figure(ArrayNode array, String name, double value, String unit, String origin) {
        array.addObject()
                .put("name", name)
                .put("value", value)
                .put("unit", unit)
                .put("origin", origin);
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isInfinite(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }
}
