package io.millrace.sink.checkpoint;

import io.millrace.slot.SlotSet;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far one source shard has been planned, by which what a source sends again after its restart is recognised.
 *
 * @param generation of the last change
 * @param offset replication offset of the last change that was planned, -1 before the first
 * @param transaction id of a transaction that went out in part, -1 when there is none
 * @param issued how many of its changes went out
 * @param slots of which snapshots of the shard have come; null for all
 * @param databases of the source that something has come from
 * @param claims the slots of a cluster that the shard was the last to claim in the partition, by the epoch of the claim
 */
public record ShardMark(
        int generation,
        long offset,
        long transaction,
        int issued,
        SlotSet slots,
        Set<Integer> databases,
        Map<Long, SlotSet> claims) {

    private static final String NO_SLOTS = "-";

    private static final String ALL_SLOTS = "*";

    public ShardMark {
        databases = Set.copyOf(databases);
        claims = Collections.unmodifiableMap(new TreeMap<>(claims));
    }

    /** The mark of a shard that has claimed nothing. */
    public ShardMark(int generation, long offset, long transaction, int issued, SlotSet slots, Set<Integer> databases) {
        this(generation, offset, transaction, issued, slots, databases, Map.of());
    }

    /** @throws IllegalArgumentException when it is not what {@link #toString} gives */
    public static ShardMark parse(String text) {
        String[] numbers = text.split(" ", -1);
        if (numbers.length < 4) {
            throw new IllegalArgumentException("'" + text + "' is not the mark of a shard");
        }
        try {
            return new ShardMark(
                    Integer.parseInt(numbers[0]),
                    Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]),
                    Integer.parseInt(numbers[3]),
                    numbers.length < 5 ? null : slots(numbers[4]),
                    numbers.length < 6 || numbers[5].isEmpty() ? Set.of() : databases(numbers[5]),
                    numbers.length < 7 ? Map.of() : claims(numbers[6]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not the mark of a shard", e);
        }
    }

    private static SlotSet slots(String text) {
        return switch (text) {
            case ALL_SLOTS -> null;
            case NO_SLOTS -> SlotSet.NONE;
            default -> SlotSet.parse(text);
        };
    }

    /** {@code 3=0-5460/7=7000} */
    private static Map<Long, SlotSet> claims(String text) {
        Map<Long, SlotSet> claims = new TreeMap<>();
        for (String claim : text.split("/")) {
            int equals = claim.indexOf('=');
            claims.put(
                    Long.valueOf(claim.substring(0, Math.max(0, equals))), SlotSet.parse(claim.substring(equals + 1)));
        }
        return claims;
    }

    private static Set<Integer> databases(String text) {
        return Stream.of(text.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        String text = generation + " " + offset + " " + transaction + " " + issued + ' ' + slotsText();
        if (databases.isEmpty() && claims.isEmpty()) {
            return text;
        }
        text += ' ' + databases.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
        return claims.isEmpty()
                ? text
                : text
                        + ' '
                        + claims.entrySet().stream()
                                .map(claim -> claim.getKey() + "=" + claim.getValue())
                                .collect(Collectors.joining("/"));
    }

    private String slotsText() {
        return slots == null ? ALL_SLOTS : slots.isEmpty() ? NO_SLOTS : slots.toString();
    }
}
