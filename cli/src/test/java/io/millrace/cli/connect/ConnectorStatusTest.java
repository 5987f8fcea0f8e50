package io.millrace.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectorStatusTest {
    @Test
    void givesTheMessageOfTheInnermostCause() {
        String trace = "org.apache.kafka.connect.errors.ConnectException: outer\n\tat a.B.c(B.java:1)\n"
                + "Caused by: io.millrace.X$Y: No connection to 10.0.0.5:6379:\n refused\n\tat d.E.f(E.java:2)\n\t... 3 more\n";

        assertThat(ConnectorStatus.rootMessage(trace)).isEqualTo("No connection to 10.0.0.5:6379: refused");
    }

    @Test
    void keepsAMessageThatBeginsWithAnAddress() {
        assertThat(ConnectorStatus.rootMessage("10.0.0.5:6379 (PSYNC): refused"))
                .isEqualTo("10.0.0.5:6379 (PSYNC): refused");
    }

    @Test
    void aFailedTaskIsAFailureOfTheConnector() {
        ConnectorStatus status = new ConnectorStatus(
                "c",
                "RUNNING",
                "",
                "here:1",
                List.of(
                        new ConnectorStatus.Task(0, "RUNNING", "", "here:1"),
                        new ConnectorStatus.Task(1, "FAILED", "a.B: broken\n\tat a.B.c(B.java:1)", "here:1")));

        assertThat(status.failure()).contains("broken");
        assertThat(status.isAll("RUNNING")).isFalse();
    }

    @Test
    void whatAnEarlierWorkerSaidIsNotAFailureOfThisOne() {
        ConnectorStatus status = new ConnectorStatus(
                "c",
                "FAILED",
                "a.B: old",
                "here:1",
                List.of(new ConnectorStatus.Task(0, "FAILED", "a.B: old", "here:1")));

        assertThat(status.by(Optional.of("here:2")).failure()).isEmpty();
        assertThat(status.by(Optional.empty()).failure()).contains("old");
    }
}
