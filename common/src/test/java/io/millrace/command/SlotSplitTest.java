package io.millrace.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SlotSplitTest {

    private static List<String> split(String line) {
        byte[][] argv = CommandTableTest.argv(line);
        return SlotSplit.bySlot(CommandTable.standard().find(argv), argv).stream()
                .map(part -> Arrays.stream(part)
                        .map(word -> new String(word, StandardCharsets.ISO_8859_1))
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    @Test
    void keysOfOneSlotStayTogetherInTheirOrder() {
        assertThat(split("del {a}1 {b}1 {a}2 {b}2")).containsExactly("del {a}1 {a}2", "del {b}1 {b}2");
        assertThat(split("MSET {a}1 x {b}1 y {a}1 z")).containsExactly("MSET {a}1 x {a}1 z", "MSET {b}1 y");
    }

    @Test
    void aReplicatedMsetnxIsTheMsetThatItWas() {
        assertThat(split("MSETNX {a}1 x {b}1 y")).containsExactly("MSET {a}1 x", "MSET {b}1 y");
    }

    @Test
    void msetexKeepsItsExpiryAndLosesItsCondition() {
        assertThat(split("MSETEX 3 {a}1 NX {b}1 y {a}2 z nx PXAT 5000"))
                .containsExactly("MSETEX 2 {a}1 NX {a}2 z PXAT 5000", "MSETEX 1 {b}1 y PXAT 5000");
    }

    @Test
    void whatDependsOnSeveralKeysIsNotSplit() {
        assertThatThrownBy(() -> split("RENAME a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> split("MSET a 1 b")).isInstanceOf(MalformedCommandException.class);
    }

    @Property(tries = 300)
    void thePartsOfAnMsetSetWhatItSets(@ForAll List<Integer> keys) {
        if (keys.isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder("MSET");
        Map<String, String> expected = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            String key = "k" + keys.get(i) % 50;
            line.append(' ').append(key).append(' ').append(i);
            expected.put(key, String.valueOf(i));
        }
        Map<String, String> applied = new LinkedHashMap<>();
        Set<Integer> slots = new HashSet<>();
        for (String part : split(line.toString())) {
            String[] words = part.split(" ");
            Set<Integer> own = new HashSet<>();
            for (int i = 1; i < words.length; i += 2) {
                applied.put(words[i], words[i + 1]);
                own.add(HashSlot.of(words[i].getBytes(StandardCharsets.US_ASCII)));
            }
            assertThat(own).hasSize(1);
            assertThat(slots.addAll(own)).as("a slot has one part").isTrue();
        }
        assertThat(applied).isEqualTo(expected);
    }
}
