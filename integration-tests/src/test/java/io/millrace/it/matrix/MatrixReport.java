package io.millrace.it.matrix;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The matrix for people, for the documentation and for programs. */
final class MatrixReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final List<Cell> cells;
    /** A letter for each kind of exception. */
    private final Map<String, String> letters = new LinkedHashMap<>();

    MatrixReport(List<Cell> cells) {
        this.cells = cells;
        cells.stream()
                .flatMap(cell -> cell.exceptions().keySet().stream())
                .distinct()
                .sorted()
                .forEach(what -> letters.put(what, String.valueOf((char) ('a' + letters.size()))));
    }

    List<String> text() {
        List<String> lines = new ArrayList<>();
        for (Cell cell : cells) {
            lines.add("%-11s to %-11s %5d keys  %6.1f s  %s"
                    .formatted(
                            cell.from().id(),
                            cell.to().id(),
                            cell.keys(),
                            cell.millis() / 1000.0,
                            cell.holds()
                                    ? (cell.exceptions().isEmpty() ? "equal" : "equal but for " + cell.exceptions())
                                    : "WRONG"));
            cell.wrong().stream().limit(20).forEach(line -> lines.add("    " + line));
        }
        long held = cells.stream().filter(Cell::holds).count();
        lines.add("%d of %d pairs hold.".formatted(held, cells.size()));
        return lines;
    }

    /** A table with a row for each source and a column for each destination. */
    List<String> markdown() {
        List<ServerVersion> from = cells.stream().map(Cell::from).distinct().toList();
        List<ServerVersion> to = cells.stream().map(Cell::to).distinct().toList();
        List<String> lines = new ArrayList<>();
        StringBuilder head = new StringBuilder("| from \\ to |");
        StringBuilder rule = new StringBuilder("|---|");
        for (ServerVersion version : to) {
            head.append(' ').append(version).append(" |");
            rule.append("---|");
        }
        lines.add(head.toString());
        lines.add(rule.toString());
        for (ServerVersion source : from) {
            StringBuilder row = new StringBuilder("| " + source + " |");
            for (ServerVersion destination : to) {
                row.append(' ').append(cell(source, destination)).append(" |");
            }
            lines.add(row.toString());
        }
        lines.add("");
        letters.forEach((what, letter) -> lines.add("- **" + letter + "**: " + what));
        return lines;
    }

    private String cell(ServerVersion from, ServerVersion to) {
        for (Cell cell : cells) {
            if (cell.from() == from && cell.to() == to) {
                StringBuilder text = new StringBuilder(cell.holds() ? "" + cell.keys() : "**wrong**");
                cell.exceptions()
                        .forEach((what, count) ->
                                text.append(' ').append(letters.get(what)).append(count));
                return text.toString();
            }
        }
        return "–";
    }

    String json() {
        ArrayNode all = JSON.createArrayNode();
        for (Cell cell : cells) {
            ObjectNode node = all.addObject();
            node.put("from", cell.from().id());
            node.put("to", cell.to().id());
            node.put("keys", cell.keys());
            node.put("holds", cell.holds());
            node.put("millis", cell.millis());
            node.set("exceptions", JSON.valueToTree(cell.exceptions()));
            node.set("wrong", JSON.valueToTree(cell.wrong()));
        }
        try {
            return JSON.writeValueAsString(all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
