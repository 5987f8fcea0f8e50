package io.millrace.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A page of {@code docs/}, whose marked samples are held against what the code produces. */
final class Page {

    private static final boolean UPDATE = Boolean.getBoolean("millrace.docs.update");

    private final Path file;
    private final List<String> lines;

    private Page(Path file) throws IOException {
        this.file = file;
        this.lines = Files.readAllLines(file);
    }

    static Page of(String name) throws IOException {
        return new Page(Path.of("..", "docs", name));
    }

    /**
     * Asserts that each {@code <!-- sample: name -->} is followed by a fenced block with exactly the given text, and
     * that the page has no other samples; or writes them, with {@code -Dmillrace.docs.update=true}.
     */
    void holdsSamples(Map<String, String> samples) throws IOException {
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            expected.add(lines.get(i));
            if (lines.get(i).startsWith("<!-- sample: ")) {
                String name = lines.get(i).substring("<!-- sample: ".length()).replace(" -->", "");
                assertThat(samples).as("samples of %s", file).containsKey(name);
                found.add(name);
                expected.add(lines.get(++i));
                expected.addAll(samples.get(name).lines().toList());
                do {
                    i++;
                } while (!lines.get(i).equals("```"));
                expected.add("```");
            }
        }
        assertThat(found).as("samples of %s", file).containsExactlyElementsOf(samples.keySet());
        if (UPDATE) {
            Files.write(file, expected);
        } else {
            assertThat(lines)
                    .as("%s; bring it up to date with -Dmillrace.docs.update=true", file)
                    .isEqualTo(expected);
        }
    }

    /** The fenced blocks of a language, in order. */
    List<String> blocks(String language) {
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals("```" + language)) {
                StringBuilder block = new StringBuilder();
                for (i++; !lines.get(i).equals("```"); i++) {
                    block.append(lines.get(i)).append('\n');
                }
                blocks.add(block.toString());
            }
        }
        return blocks;
    }
}
