package io.millrace.config;

import java.util.List;

/**
 * Something wrong with a configuration.
 *
 * @param sentence what is wrong and the next step, without secrets
 * @param keys the options at fault: the sentence is shown on each
 */
public record Finding(String sentence, List<String> keys) {

    public Finding {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("A finding names at least one option.");
        }
    }

    public Finding(String sentence, String... keys) {
        this(sentence, List.of(keys));
    }
}
