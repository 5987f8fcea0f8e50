package io.millrace.sink.plan;

import java.util.Map;
import java.util.TreeMap;

/** From the source's database numbers to the destination's; those that are not named keep theirs. */
public record DatabaseMap(Map<Integer, Integer> pairs) {

    private static final String EXPECTED = "write pairs of source and destination, such as 1:0,2:5";

    public DatabaseMap {
        pairs = Map.copyOf(pairs);
    }

    public static DatabaseMap identity() {
        return new DatabaseMap(Map.of());
    }

    /** @throws IllegalArgumentException with one sentence that says what is wrong */
    public static DatabaseMap parse(String text) {
        Map<Integer, Integer> pairs = new TreeMap<>();
        if (text.isBlank()) {
            return identity();
        }
        for (String pair : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("'" + pair.strip() + "' has no colon: " + EXPECTED);
            }
            int from = number(pair.substring(0, colon));
            if (pairs.put(from, number(pair.substring(colon + 1))) != null) {
                throw new IllegalArgumentException("database " + from + " is named twice: " + EXPECTED);
            }
        }
        return new DatabaseMap(pairs);
    }

    int destination(int source) {
        return pairs.isEmpty() ? source : pairs.getOrDefault(source, source);
    }

    /** Whether any database of a source goes to this one. */
    boolean reaches(int destination) {
        return !pairs.containsKey(destination) || pairs.containsValue(destination);
    }

    boolean isIdentity() {
        return pairs.entrySet().stream().allMatch(e -> e.getKey().equals(e.getValue()));
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text.strip() + "' is not a database number: " + EXPECTED, e);
        }
        throw new IllegalArgumentException("'" + text.strip() + "' is not a database number: " + EXPECTED);
    }
}
