package io.millrace.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.redis.local.ServerVersion;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Some pairs of the matrix, to an older version and to the other family; {@code scripts/version-matrix} runs them all. */
@ExtendWith(WithSharedRuntime.class)
class VersionMatrixIT {

    @ParameterizedTest
    @CsvSource({"REDIS_8_6,REDIS_6_0", "VALKEY_9_1,REDIS_7_0", "REDIS_8_6,VALKEY_8_1", "REDIS_8_0,VALKEY_9_1"})
    void everyKeyIsEqualOrNamed(ServerVersion from, ServerVersion to, SharedRuntime runtime) {
        assumeTrue(from.available().isPresent(), from::unavailableMessage);
        assumeTrue(to.available().isPresent(), to::unavailableMessage);
        Cell cell = new VersionMatrix(runtime.rest()).run(from, to);
        assertThat(cell.wrong()).isEmpty();
        assertThat(cell.keys()).isGreaterThan(800);
        assertThat(cell.exceptions()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"REDIS_8_6,REDIS_6_2", "VALKEY_9_1,REDIS_6_2"})
    void commandsAcrossSlotsOfAnOlderCluster(ServerVersion from, ServerVersion to, SharedRuntime runtime) {
        assumeTrue(from.available().isPresent(), from::unavailableMessage);
        Cell cell = new VersionMatrix(runtime.rest()).runIntoCluster(from, to);
        assertThat(cell.wrong()).isEmpty();
        assertThat(cell.keys()).isGreaterThan(500);
        assertThat(cell.exceptions()).isNotEmpty();
    }
}
