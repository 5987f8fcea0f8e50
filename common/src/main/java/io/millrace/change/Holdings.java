package io.millrace.change;

import io.millrace.slot.SlotSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which hash slots of a cluster are one shard's to publish, as of a position in its stream.
 *
 * @param own slots whose changes behind the position are published
 * @param given slots that were published in this generation and have gone to another shard since
 * @param importing slots of which the shard gets a copy that may yet be thrown away, by the name of the migration
 */
public record Holdings(SlotSet own, SlotSet given, Map<String, SlotSet> importing) {

    private static final String OWN = "slots";
    private static final String GIVEN = "given";
    private static final String IMPORTING = "importing";

    public Holdings {
        Objects.requireNonNull(own, "own");
        Objects.requireNonNull(given, "given");
        importing = Collections.unmodifiableMap(new LinkedHashMap<>(importing));
    }

    /**
     * Of a scan.
     *
     * @param wanted the slots to be copied
     * @param again those of them that are to be scanned once more, as they have moved
     */
    public static Holdings ofScan(SlotSet wanted, SlotSet again) {
        return new Holdings(wanted, again, Map.of());
    }

    /** What a generation begins with. */
    public static Holdings of(SlotSet own) {
        return new Holdings(own, SlotSet.NONE, Map.of());
    }

    /** These slots are the shard's now. */
    public Holdings claimed(SlotSet slots) {
        return new Holdings(own.union(slots), given.minus(slots), importing);
    }

    /** These slots are no longer the shard's. */
    public Holdings lost(SlotSet slots) {
        return new Holdings(own.minus(slots), given.union(own.intersect(slots)), importing);
    }

    /** A copy of these slots has begun. */
    public Holdings imports(String migration, SlotSet slots) {
        Map<String, SlotSet> more = new LinkedHashMap<>(importing);
        more.put(migration, slots);
        return new Holdings(own.minus(slots), given, more);
    }

    /** A copy has ended, one way or the other. */
    public Holdings importEnded(String migration) {
        Map<String, SlotSet> fewer = new LinkedHashMap<>(importing);
        fewer.remove(migration);
        return new Holdings(own, given, fewer);
    }

    /** Whether what comes for the slot belongs to a copy that may yet be thrown away. */
    public boolean isImporting(int slot) {
        for (SlotSet slots : importing.values()) {
            if (slots.contains(slot)) {
                return true;
            }
        }
        return false;
    }

    /** The form that is stored with a position; {@link #fromMap} reads it. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(OWN, own.toString());
        if (!given.isEmpty()) {
            map.put(GIVEN, given.toString());
        }
        if (!importing.isEmpty()) {
            StringBuilder text = new StringBuilder();
            importing.forEach((name, slots) -> text.append(text.length() == 0 ? "" : ";")
                    .append(name)
                    .append('=')
                    .append(slots));
            map.put(IMPORTING, text.toString());
        }
        return map;
    }

    /**
     * Reads what {@link #toMap} wrote, among other entries; null where there is nothing of it.
     *
     * @throws IllegalArgumentException if a text is none of slots; the message names it
     */
    public static Holdings fromMap(Map<String, ?> map) {
        if (!(map.get(OWN) instanceof String own)) {
            return null;
        }
        Map<String, SlotSet> importing = new LinkedHashMap<>();
        if (map.get(IMPORTING) instanceof String text) {
            for (String each : text.split(";")) {
                int equals = each.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("'" + each + "' is not a migration and its slots");
                }
                importing.put(each.substring(0, equals), SlotSet.parse(each.substring(equals + 1)));
            }
        }
        return new Holdings(
                SlotSet.parse(own),
                map.get(GIVEN) instanceof String given ? SlotSet.parse(given) : SlotSet.NONE,
                importing);
    }
}
