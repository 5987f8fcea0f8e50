package io.millrace.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds options that nobody reads. Those of Kafka Connect pass; what looks like one of ours is an error with a suggestion; the
 * rest passes too, as a newer Connect may know it.
 */
final class UnknownKeys {

    private static final Set<String> OF_CONNECT = Set.of(
            "name",
            "connector.class",
            "connector.plugin.version",
            "tasks.max",
            "tasks.max.enforce",
            "topics",
            "topics.regex",
            "config.action.reload",
            "exactly.once.support",
            "transaction.boundary",
            "transaction.boundary.interval.ms",
            "offsets.storage.topic");

    private static final List<String> PREFIXES_OF_CONNECT = List.of(
            "key.converter",
            "value.converter",
            "header.converter",
            "transforms",
            "predicates",
            "errors.",
            "topic.creation.",
            "producer.override.",
            "consumer.override.",
            "admin.override.");

    private final Set<String> known;

    UnknownKeys(Collection<String> known) {
        this.known = new TreeSet<>(known);
    }

    List<Finding> among(Collection<String> given) {
        List<Finding> findings = new ArrayList<>();
        for (String key : new TreeSet<>(given)) {
            if (known.contains(key) || isOfConnect(key)) {
                continue;
            }
            Optional<String> suggestion = closest(key);
            if (suggestion.isPresent()) {
                findings.add(new Finding(
                        key + " is no option of this connector: did you mean " + suggestion.get() + "?", key));
            } else if (sharesFirstWord(key)) {
                findings.add(
                        new Finding(key + " is no option of this connector: see the list of its properties.", key));
            }
        }
        return findings;
    }

    private static boolean isOfConnect(String key) {
        return OF_CONNECT.contains(key) || PREFIXES_OF_CONNECT.stream().anyMatch(key::startsWith);
    }

    /** The nearest known key, when at most a third of the key would have to change. */
    private Optional<String> closest(String key) {
        String best = null;
        int bestDistance = key.length() / 3 + 1;
        for (String candidate : known) {
            int distance = distance(key, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean sharesFirstWord(String key) {
        int dot = key.indexOf('.');
        return dot > 0 && known.stream().anyMatch(one -> one.startsWith(key.substring(0, dot + 1)));
    }

    /** Levenshtein. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
