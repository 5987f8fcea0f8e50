package io.millrace.it.large;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small form of {@code scripts/large-values}. */
class LargeValuesIT {

    @Test
    void valuesAndCommandsLargerThanARecordArriveWhole(@TempDir Path directory) throws IOException {
        LargeSizes sizes = new LargeSizes(64, 1_000_000, 256, 24);
        assertThat(new LargeValues(sizes, System.out).run(directory).isEqual()).isTrue();
    }
}
