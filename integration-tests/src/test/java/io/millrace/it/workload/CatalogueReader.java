package io.millrace.it.workload;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the catalogue's text, whose grammar stands at its head. */
final class CatalogueReader {

    private final List<SampleGroup> groups = new ArrayList<>();
    private String name;
    private SampleGroup.Scope scope;
    private List<Sample> samples;

    static List<SampleGroup> read(List<String> lines) {
        CatalogueReader reader = new CatalogueReader();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            try {
                reader.line(i + 1, line);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("Line " + (i + 1) + " of the catalogue: " + line, e);
            }
        }
        reader.endGroup();
        return List.copyOf(reader.groups);
    }

    private void line(int number, String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (line.startsWith("group ")) {
            endGroup();
            String[] words = line.split(" ");
            name = words[1];
            scope = words.length > 2 ? SampleGroup.Scope.parse(words[2]) : SampleGroup.Scope.ONE_SLOT;
            samples = new ArrayList<>();
            return;
        }
        samples.add(sample(number, line));
    }

    private void endGroup() {
        if (name != null) {
            groups.add(new SampleGroup(name, scope, samples));
        }
    }

    private Sample sample(int number, String line) {
        String rest = line;
        Condition condition = Condition.ALWAYS;
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            condition = Condition.parse(rest.substring(1, end));
            rest = rest.substring(end + 1).strip();
        }
        boolean failing = rest.startsWith("! ");
        boolean blocking = rest.startsWith("& ");
        if (failing || blocking) {
            rest = rest.substring(2).strip();
        }
        return new Sample(number, line, condition, failing, blocking, arguments(rest));
    }

    private List<Argument> arguments(String text) {
        List<Argument> arguments = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ' ') {
                at++;
            } else if (text.charAt(at) == '"') {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                at = quoted(text, at + 1, bytes);
                arguments.add(new Argument.Literal(bytes.toByteArray()));
            } else {
                int end = text.indexOf(' ', at);
                end = end < 0 ? text.length() : end;
                arguments.add(bare(text.substring(at, end)));
                at = end;
            }
        }
        return arguments;
    }

    private Argument bare(String word) {
        if (word.startsWith("@")) {
            return literal(SampleGroup.key(name, scope, word.substring(1)));
        }
        if (word.equals("$reply")) {
            return new Argument.Reply();
        }
        if (word.startsWith("$seconds+")) {
            return new Argument.Moment(false, Long.parseLong(word.substring("$seconds+".length())));
        }
        if (word.startsWith("$millis+")) {
            return new Argument.Moment(true, Long.parseLong(word.substring("$millis+".length())));
        }
        if (word.equals("$peer-host")) {
            return new Argument.PeerHost();
        }
        if (word.equals("$peer-port")) {
            return new Argument.PeerPort();
        }
        return literal(word);
    }

    private static Argument literal(String word) {
        return new Argument.Literal(word.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads up to the closing quote and returns the position after it. */
    private static int quoted(String text, int start, ByteArrayOutputStream bytes) {
        int at = start;
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c != '\\') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = text.charAt(at++);
            switch (escape) {
                case 'n' -> bytes.write('\n');
                case 'r' -> bytes.write('\r');
                case 't' -> bytes.write('\t');
                case 'x' -> {
                    bytes.write(Integer.parseInt(text, at, at + 2, 16));
                    at += 2;
                }
                default -> bytes.write(escape);
            }
        }
        return at + 1;
    }
}
