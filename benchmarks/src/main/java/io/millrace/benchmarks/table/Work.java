package io.millrace.benchmarks.table;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is done, each with servers of its own. The name in lower case is the one for {@code --only}. */
enum Work {
    /** Strings of 100 bytes to one server: copy, copy again while warm, burst, idle lag. */
    STANDALONE("batch, to one server"),
    /** The same to a cluster of three masters. */
    CLUSTER("batch, to a cluster of three"),
    /** The same with one record a change. */
    SINGLE("single, to one server"),
    /** A copy of hashes, lists, sorted sets and streams. */
    MIXED("batch, mixed data"),
    /** Copies of strings of 8, 1,000 and 10,000 bytes. */
    SIZES("batch, value sizes");

    private final String text;

    Work(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<Work> all() {
        return List.of(values());
    }

    static String ids() {
        return Arrays.stream(values()).map(Work::id).collect(Collectors.joining(", "));
    }
}
