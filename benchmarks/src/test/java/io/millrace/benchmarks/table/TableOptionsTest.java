package io.millrace.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableOptionsTest {
    @Test
    void withoutOptionsTheWholeTable() {
        TableOptions options = TableOptions.parse(List.of());
        assertThat(options.keys()).isEqualTo(2_000_000);
        assertThat(options.hashes()).isEqualTo(100_000);
        assertThat(options.works()).containsExactly(Work.values());
    }

    @Test
    void whatIsGivenCounts() {
        TableOptions options = TableOptions.parse(
                List.of("--keys", "5000", "--quick", "--only", "mixed", "--only", "single", "--json", "a.json"));
        assertThat(options.keys()).isEqualTo(5000);
        assertThat(options.rounds()).isEqualTo(1);
        assertThat(options.works()).containsExactly(Work.MIXED, Work.SINGLE);
        assertThat(options.json()).isEqualTo(Path.of("a.json"));
        assertThat(options.chart()).isNull();
    }

    @Test
    void aMistakeIsNamed() {
        assertThatThrownBy(() -> TableOptions.parse(List.of("--fast"))).hasMessageContainingAll("--fast", "--quick");
        assertThatThrownBy(() -> TableOptions.parse(List.of("--keys"))).hasMessageContainingAll("--keys", "value");
        assertThatThrownBy(() -> TableOptions.parse(List.of("--keys", "many")))
                .hasMessageContainingAll("--keys", "many");
        assertThatThrownBy(() -> TableOptions.parse(List.of("--rounds", "0"))).hasMessageContaining("from 1");
        assertThatThrownBy(() -> TableOptions.parse(List.of("--only", "all")))
                .hasMessageContainingAll("all", "standalone, cluster");
    }
}
