package io.millrace.it.workload;

import java.util.ArrayList;
import java.util.List;

/** The versions that a sample is for; without any alternative, all of them. */
record Condition(List<Alternative> alternatives) {

    static final Condition ALWAYS = new Condition(List.of());

    /** A product from a version on. */
    record Alternative(boolean valkey, int major, int minor) {}

    /** Reads {@code 7.0} (Redis from that version, every Valkey), {@code redis 8.2}, {@code valkey 9.0|redis 8.4}, {@code valkey}. */
    static Condition parse(String text) {
        List<Alternative> alternatives = new ArrayList<>();
        for (String part : text.split("\\|")) {
            String[] words = part.strip().split(" ");
            boolean bare = Character.isDigit(words[0].charAt(0));
            String version = bare ? words[0] : words.length > 1 ? words[1] : "0.0";
            String[] numbers = version.split("\\.");
            boolean valkey = words[0].equals("valkey");
            if (!bare && !valkey && !words[0].equals("redis")) {
                throw new IllegalArgumentException("Not a product: " + words[0]);
            }
            alternatives.add(new Alternative(valkey, Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])));
            if (bare) {
                alternatives.add(new Alternative(true, 0, 0));
            }
        }
        return new Condition(List.copyOf(alternatives));
    }

    boolean holds(ServerCommands server) {
        return alternatives.isEmpty()
                || alternatives.stream()
                        .anyMatch(a -> a.valkey() == server.valkey() && server.isAtLeast(a.major(), a.minor()));
    }
}
