package io.millrace.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KeySetPropertyTest {

    /** Many that meet in one place: 0, small numbers, and numbers that differ in their upper bits alone. */
    @Provide
    Arbitrary<List<Long>> hashes() {
        return Arbitraries.oneOf(
                        Arbitraries.longs(),
                        Arbitraries.longs().between(-3, 3),
                        Arbitraries.longs().between(0, 40).map(n -> n << 56),
                        Arbitraries.longs().between(0, 40).map(n -> n << 20))
                .list()
                .ofMaxSize(400);
    }

    @Property(tries = 300)
    void itHoldsWhatASetHolds(@ForAll("hashes") List<Long> hashes, @ForAll("hashes") List<Long> others) {
        KeySet keys = new KeySet();
        Set<Long> model = new HashSet<>();
        for (long hash : hashes) {
            assertThat(keys.add(hash)).isEqualTo(model.add(hash));
        }
        assertThat(keys.size()).isEqualTo(model.size());
        hashes.forEach(hash -> assertThat(keys.contains(hash)).isTrue());
        others.forEach(hash -> assertThat(keys.contains(hash)).isEqualTo(model.contains(hash)));
    }

    @Property(tries = 3)
    void itGrows(@ForAll long seed) {
        Random random = new Random(seed);
        long[] hashes = random.longs(200_000).distinct().toArray();
        KeySet keys = new KeySet();
        for (long hash : hashes) {
            keys.add(hash);
        }
        assertThat(keys.size()).isEqualTo(hashes.length);
        for (long hash : hashes) {
            assertThat(keys.contains(hash)).isTrue();
        }
    }
}
