package io.millrace.benchmarks.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The figures for programs: {@code {"machine": {...}, "options": {...}, "rows": [...]}}. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    static void write(Path file, Machine machine, TableOptions options, List<Row> rows) throws IOException {
        Files.writeString(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(of(machine, options, rows)) + "\n");
    }

    static ObjectNode of(Machine machine, TableOptions options, List<Row> rows) {
        ObjectNode report = JSON.createObjectNode();
        report.putObject("machine")
                .put("cores", machine.cores())
                .put("cpu", machine.cpu())
                .put("memoryMegabytes", machine.memoryMegabytes())
                .put("kernel", machine.kernel())
                .put("jdk", machine.jdk())
                .put("server", machine.server())
                .put("loadAtStart", machine.loadAtStart())
                .put("quiet", machine.isQuiet());
        report.putObject("options")
                .put("keys", options.keys())
                .put("burst", options.burst())
                .put("rounds", options.rounds());
        ArrayNode all = report.putArray("rows");
        rows.forEach(row -> add(all.addObject(), row));
        return report;
    }

    private static void add(ObjectNode node, Row row) {
        node.put("work", row.work())
                .put("metric", row.metric().name())
                .put("unit", row.metric().unit());
        add(node.putObject("millrace"), row.ours());
        if (row.nativeRate() != null) {
            add(node.putObject("native"), row.nativeRate());
        }
        row.ratio().ifPresent(ratio -> node.put("overNative", ratio));
        row.goal()
                .ifPresent(goal -> node.put("toReach", goal.reach())
                        .put("beyond", goal.beyond())
                        .put("reached", row.attained().orElse(0.0) >= 1));
    }

    private static void add(ObjectNode node, Samples samples) {
        node.put("median", samples.median())
                .put("min", samples.min())
                .put("max", samples.max())
                .put("runs", samples.count());
    }
}
