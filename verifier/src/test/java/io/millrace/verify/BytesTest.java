package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

class BytesTest {
    @Property(tries = 200)
    void theOrderOfFieldsDoesNotMatter(@ForAll @Size(max = 20) List<byte[]> names, @ForAll Random random) {
        List<byte[][]> hash = hash(names);
        List<byte[][]> shuffled = new ArrayList<>(hash);
        Collections.shuffle(shuffled, random);
        assertThat(Bytes.sameGroups(flat(hash), flat(shuffled), 2)).isTrue();
    }

    @Property(tries = 200)
    void anyChangedByteMatters(
            @ForAll @NotEmpty @Size(max = 20) List<byte[]> names, @ForAll Random random, @ForAll boolean inValue) {
        List<byte[][]> hash = hash(names);
        List<byte[][]> changed = new ArrayList<>(hash);
        Collections.shuffle(changed, random);
        int at = random.nextInt(changed.size());
        byte[][] field = changed.get(at).clone();
        int part = inValue ? 1 : 0;
        field[part] = Arrays.copyOf(field[part], field[part].length + 1);
        changed.set(at, field);
        assertThat(Bytes.sameGroups(flat(hash), flat(changed), 2)).isFalse();
        assertThat(Bytes.sameGroups(flat(hash), flat(hash.subList(1, hash.size())), 2))
                .isFalse();
    }

    @Property(tries = 500)
    void aScoreIsTheSameInEveryWayToWriteIt(@ForAll double score) {
        // Up to 7.0 servers write 17 digits, later ones the shortest that denote the same double.
        byte[] digits = Bytes.ascii(String.format(Locale.ROOT, "%.17e", score));
        byte[] shortest = Bytes.ascii(Double.toString(score));
        assertThat(Scores.firstDifference(List.of(digits, digits), List.of(digits, shortest)))
                .isEqualTo(-1);
        byte[] next = Bytes.ascii(Double.toString(Math.nextUp(score)));
        assertThat(Scores.firstDifference(List.of(digits, shortest), List.of(digits, next)))
                .isZero();
    }

    @Example
    void infiniteScoresAreKept() {
        assertThat(Scores.of(Bytes.ascii("inf"))).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Scores.of(Bytes.ascii("-inf"))).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Property(tries = 200)
    void differentBytesAreWrittenDifferently(@ForAll byte[] left, @ForAll byte[] right) {
        assertThat(Printable.of(left).equals(Printable.of(right))).isEqualTo(Arrays.equals(left, right));
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(Printable.of(left)))
                .isTrue();
        assertThat(Printable.of(left)).doesNotContain("\n", "\r");
    }

    /** Distinct field names, each with a value. */
    private static List<byte[][]> hash(List<byte[]> names) {
        TreeMap<byte[], byte[]> fields = new TreeMap<>(Arrays::compareUnsigned);
        names.forEach(name -> fields.put(name, Bytes.ascii(Arrays.hashCode(name))));
        List<byte[][]> hash = new ArrayList<>();
        fields.forEach((name, value) -> hash.add(new byte[][] {name, value}));
        return hash;
    }

    private static List<byte[]> flat(List<byte[][]> fields) {
        return fields.stream().flatMap(Arrays::stream).toList();
    }
}
