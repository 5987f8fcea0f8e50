package io.millrace.cli.migration;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Connector settings of the user's own. Whether a connector takes them is for Connect to say. */
record MoreSettings(Map<String, String> source, Map<String, String> sink) {
    static final MoreSettings NONE = new MoreSettings(Map.of(), Map.of());

    /** The command finds its connectors and its topic again by these. */
    private static final Set<String> OURS = Set.of("name", "connector.class", "topic", "topics", "topics.regex");

    /** Addresses and logins come from the options for them, which keep secrets off the command line. */
    private static final String CONNECTION = "redis.";

    /** What may be a secret has no option for a reference, which is none. */
    private static final String SENTINEL_PASSWORD = "redis.sentinel.password";

    private static final String CREDENTIALS = "redis.credentials.";

    MoreSettings {
        source = Collections.unmodifiableMap(new LinkedHashMap<>(source));
        sink = Collections.unmodifiableMap(new LinkedHashMap<>(sink));
    }

    static MoreSettings of(Map<String, String> source, Map<String, String> sink) {
        check("--source-config", source);
        check("--sink-config", sink);
        return new MoreSettings(source, sink);
    }

    private static void check(String option, Map<String, String> settings) {
        for (String name : settings.keySet()) {
            boolean reference = (name.equals(SENTINEL_PASSWORD) || name.startsWith(CREDENTIALS))
                    && settings.get(name).startsWith("${");
            if (OURS.contains(name) || (name.startsWith(CONNECTION) && !reference)) {
                throw new Failure(
                        ExitStatus.USAGE,
                        option + " cannot set " + name + ", which follows from the command's other options; see"
                                + " 'millrace help migrate' for the one to use.");
            }
        }
    }
}
