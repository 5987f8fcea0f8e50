package io.millrace.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;

/** The properties page of a connector's documentation, rendered from its declaration: one source, no drift. */
public final class ConfigReference {

    /** With this system property set to true, {@link #drift} writes the page instead of comparing it. */
    public static final String UPDATE = "millrace.docs.update";

    private final String title;
    private final String introduction;
    private final ConfigDef def;

    /** @param introduction Markdown between the title and the first group */
    public ConfigReference(String title, String introduction, ConfigDef def) {
        this.title = title;
        this.introduction = introduction;
        this.def = def;
    }

    /** The page; the same declaration gives the same text. Groups in the order of the declaration, options in theirs. */
    public String markdown() {
        StringBuilder page = new StringBuilder();
        page.append("<!-- Generated from the code; a test compares it. To update it, run the tests with -D")
                .append(UPDATE)
                .append("=true. -->\n# ")
                .append(title)
                .append("\n\n")
                .append(introduction.strip())
                .append('\n');
        groups().forEach((group, keys) -> {
            page.append("\n## ").append(group).append("\n\n");
            page.append("| property | default | values | what it does |\n|---|---|---|---|\n");
            keys.forEach(key -> page.append(row(key)));
        });
        return page.toString();
    }

    /**
     * Compares a file with the page, or writes it when {@link #UPDATE} is set.
     *
     * @return what differs, or empty when the file is as it should be
     */
    public Optional<String> drift(Path file) throws IOException {
        String expected = markdown();
        if (Boolean.getBoolean(UPDATE)) {
            Files.writeString(file, expected);
            return Optional.empty();
        }
        String actual = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        if (actual.equals(expected)) {
            return Optional.empty();
        }
        return Optional.of(file.getFileName() + " differs from the code at line " + firstDifference(actual, expected)
                + ": run the test with -D" + UPDATE + "=true and commit the file.");
    }

    private static int firstDifference(String actual, String expected) {
        String[] left = actual.split("\n", -1);
        String[] right = expected.split("\n", -1);
        int line = 0;
        while (line < left.length && line < right.length && left[line].equals(right[line])) {
            line++;
        }
        return line + 1;
    }

    private Map<String, List<ConfigKey>> groups() {
        Map<String, List<ConfigKey>> groups = new LinkedHashMap<>();
        for (String group : def.groups()) {
            groups.put(group, new ArrayList<>());
        }
        for (ConfigKey key : def.configKeys().values()) {
            if (!key.internalConfig) {
                groups.computeIfAbsent(key.group == null ? "Other" : key.group, name -> new ArrayList<>())
                        .add(key);
            }
        }
        groups.values()
                .forEach(keys -> keys.sort(Comparator.<ConfigKey>comparingInt(key -> key.orderInGroup)
                        .thenComparing(key -> key.name)));
        groups.values().removeIf(List::isEmpty);
        return groups;
    }

    private static String row(ConfigKey key) {
        return "| `" + key.name + "` | " + defaultOf(key) + " | " + valuesOf(key) + " | " + cell(key.documentation)
                + " |\n";
    }

    private static String defaultOf(ConfigKey key) {
        if (!key.hasDefault()) {
            return "**required**";
        }
        Object value = key.type == Type.PASSWORD ? "" : key.defaultValue;
        String text = value == null ? "" : ConfigDef.convertToString(value, key.type);
        return text == null || text.isEmpty() ? "" : "`" + cell(text) + "`";
    }

    private static String valuesOf(ConfigKey key) {
        String type = key.type.name().toLowerCase(Locale.ROOT);
        if (key.validator == null) {
            return key.type == Type.BOOLEAN ? "true, false" : type;
        }
        String allowed = key.validator.toString();
        boolean choice = allowed.startsWith("[") && allowed.endsWith("]") && !allowed.contains("...");
        return cell(choice ? allowed.substring(1, allowed.length() - 1) : type + " " + allowed);
    }

    private static String cell(String text) {
        return text.strip().replace("|", "\\|").replace("\n", " ");
    }
}
