package io.millrace.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ReportTest {
    private static final Machine MACHINE = new Machine(2, "a <fast> & new CPU", 8000, "Linux", "17", "redis 7.0", 0.1);

    private static List<Row> rows() {
        Results results = new Results();
        for (int run = 0; run < 3; run++) {
            results.add(true, "standalone", Metric.FULL_SYNC, 300_000);
            results.add(false, "standalone", Metric.FULL_SYNC, 190_000 + run * 10_000);
            results.add(false, "cluster", Metric.FULL_SYNC, 120_000);
            results.add(false, "mixed", Metric.FULL_SYNC, 10_000);
            results.add(false, "standalone", Metric.LAG_P50, 10);
        }
        return results.rows();
    }

    @Test
    void aRateIsJudgedByItsShareOfTheNativeOne() {
        Row copy = rows().get(0);
        assertThat(copy.ratio().orElseThrow()).isBetween(0.66, 0.67);
        assertThat(copy.attained().orElseThrow()).isBetween(1.1, 1.12);
    }

    @Test
    void theClusterIsComparedWithTheNativeCopyOfTheSameData() {
        Row cluster = rows().get(1);
        assertThat(cluster.ratio()).contains(0.4);
        assertThat(cluster.attained()).contains(0.8);
    }

    @Test
    void otherDataHasNoYardstickButItsOwn() {
        Row mixed = rows().get(2);
        assertThat(mixed.nativeRate()).isNull();
        assertThat(mixed.attained()).isEmpty();
    }

    @Test
    void ofALagLessIsBetter() {
        Row lag = rows().get(3);
        assertThat(lag.attained()).contains(0.5);
        assertThat(Goal.of("standalone", Metric.LAG_P50).orElseThrow().isReached(4.9))
                .isTrue();
    }

    @Test
    void theTableSaysWhatIsReached() {
        List<String> lines = TextTable.lines(rows());
        assertThat(lines).hasSize(6);
        assertThat(lines.get(2))
                .isEqualTo("| standalone | full sync | 200,000 keys/s | 10% | 300,000 keys/s | 0.67 | 0.60 | 0.80 |"
                        + " reached |");
        assertThat(lines.get(5)).endsWith("| 10.0 ms | 0% |  |  | 5.00 ms | 3.00 ms | not yet |");
    }

    @Test
    void theJsonHoldsMediansAndSpread() {
        JsonNode report = JsonReport.of(MACHINE, TableOptions.parse(List.of("--quick")), rows());
        JsonNode copy = report.path("rows").path(0);
        assertThat(copy.path("metric").asText()).isEqualTo("FULL_SYNC");
        assertThat(copy.path("millrace").path("min").asDouble()).isEqualTo(190_000);
        assertThat(copy.path("millrace").path("max").asDouble()).isEqualTo(210_000);
        assertThat(copy.path("reached").asBoolean()).isTrue();
        assertThat(report.path("machine").path("quiet").asBoolean()).isTrue();
    }

    @Test
    void theChartIsAPictureWithABarForEachGoal() throws Exception {
        String svg = Chart.svg(rows(), MACHINE.sentence());
        Document picture = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        // The background, and what can be judged: the mixed data has no yardstick here.
        assertThat(picture.getElementsByTagName("rect").getLength()).isEqualTo(4);
        assertThat(svg).contains("0.67 of native", "10.0 ms");
    }

    @Test
    void aBusyMachineIsSaid() {
        assertThat(new Machine(2, "", 0, "", "", "", 1.0).isQuiet()).isFalse();
        assertThat(Machine.load("0.52 0.58 0.59 1/389 12345")).isEqualTo(0.52);
        assertThat(Machine.field("processor\t: 0\nmodel name\t: A: B\n", "model name"))
                .contains("A: B");
    }
}
