package io.millrace.slot;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * A set of hash slots. Its text is ascending ranges, such as {@code 0-5460,7000}; the empty set is the empty text.
 * Immutable.
 */
public final class SlotSet {

    /** No slot. */
    public static final SlotSet NONE = new SlotSet(new BitSet());

    /** Every slot of a cluster. */
    public static final SlotSet ALL = range(0, HashSlot.COUNT - 1);

    private final BitSet bits;

    /** Takes the bits, which must not change any more. */
    private SlotSet(BitSet bits) {
        this.bits = bits;
    }

    /** The slots from the first to the last, both included. */
    public static SlotSet range(int first, int last) {
        if (first < 0 || last >= HashSlot.COUNT || first > last) {
            throw new IllegalArgumentException(first + "-" + last + " is not a range of slots");
        }
        BitSet bits = new BitSet(HashSlot.COUNT);
        bits.set(first, last + 1);
        return new SlotSet(bits);
    }

    /** One slot. */
    public static SlotSet of(int slot) {
        return range(slot, slot);
    }

    /** The slots of a stream. */
    public static SlotSet of(IntStream slots) {
        BitSet bits = new BitSet(HashSlot.COUNT);
        slots.forEach(slot -> {
            checkSlot(slot);
            bits.set(slot);
        });
        return new SlotSet(bits);
    }

    /**
     * Reads what {@link #toString()} gives.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names it
     */
    public static SlotSet parse(String text) {
        BitSet bits = new BitSet(HashSlot.COUNT);
        if (!text.isEmpty()) {
            int last = -1;
            for (String range : text.split(",", -1)) {
                int hyphen = range.indexOf('-');
                int from = slot(hyphen < 0 ? range : range.substring(0, hyphen), text);
                int to = hyphen < 0 ? from : slot(range.substring(hyphen + 1), text);
                if (from <= last || to < from) {
                    throw notSlots(text, null);
                }
                bits.set(from, to + 1);
                last = to;
            }
        }
        return new SlotSet(bits);
    }

    private static int slot(String digits, String text) {
        try {
            int slot = Integer.parseInt(digits);
            if (slot >= 0 && slot < HashSlot.COUNT) {
                return slot;
            }
        } catch (NumberFormatException e) {
            throw notSlots(text, e);
        }
        throw notSlots(text, null);
    }

    private static IllegalArgumentException notSlots(String text, Exception cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not a set of hash slots: ascending ranges such as 0-5460,7000", cause);
    }

    private static void checkSlot(int slot) {
        if (slot < 0 || slot >= HashSlot.COUNT) {
            throw new IllegalArgumentException(slot + " is not a slot");
        }
    }

    public boolean contains(int slot) {
        return bits.get(slot);
    }

    public boolean containsAll(SlotSet other) {
        return other.minus(this).isEmpty();
    }

    public boolean intersects(SlotSet other) {
        return bits.intersects(other.bits);
    }

    public boolean isEmpty() {
        return bits.isEmpty();
    }

    /** How many slots. */
    public int size() {
        return bits.cardinality();
    }

    /** The slots that both have. */
    public SlotSet intersect(SlotSet other) {
        BitSet both = copy();
        both.and(other.bits);
        return new SlotSet(both);
    }

    /** The slots that either has. */
    public SlotSet union(SlotSet other) {
        BitSet either = copy();
        either.or(other.bits);
        return new SlotSet(either);
    }

    /** The slots of this set that the other does not have. */
    public SlotSet minus(SlotSet other) {
        BitSet rest = copy();
        rest.andNot(other.bits);
        return new SlotSet(rest);
    }

    private BitSet copy() {
        return (BitSet) bits.clone();
    }

    /** The slots, ascending. */
    public IntStream stream() {
        return bits.stream();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SlotSet set && bits.equals(set.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int from = bits.nextSetBit(0); from >= 0; ) {
            int end = bits.nextClearBit(from);
            text.append(text.length() == 0 ? "" : ",").append(from);
            if (end - 1 > from) {
                text.append('-').append(end - 1);
            }
            from = bits.nextSetBit(end);
        }
        return text.toString();
    }
}
