package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Mark;
import io.millrace.change.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotHeaderTest {

    private static final Origin ORIGIN = new Origin("shard a:6379", 3, "id", 0, -1, -1, Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"%s\"", "{\"schema\":{\"type\":\"string\"},\"payload\":\"%s\"}"})
    void isReadAsAnyConverterWritesIt(String form) {
        for (Mark.Meaning meaning : new Mark.Meaning[] {Mark.Meaning.SNAPSHOT_BEGIN, Mark.Meaning.SNAPSHOT_END}) {
            SnapshotHeader header = SnapshotHeader.of(new Mark(ORIGIN, 0, 12, meaning, Map.of()))
                    .orElseThrow();
            byte[] written = String.format(form, header.text()).getBytes(StandardCharsets.UTF_8);
            assertThat(SnapshotHeader.parse(written)).contains(header);
            assertThat(header).isEqualTo(new SnapshotHeader(meaning == Mark.Meaning.SNAPSHOT_BEGIN, 3, "shard a:6379"));
        }
    }

    @Test
    void otherMarksHaveNone() {
        assertThat(SnapshotHeader.of(new Mark(ORIGIN, 0, 12, Mark.Meaning.HEARTBEAT, Map.of())))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "begin", "begin generation= shard=0", "begin generation=x shard=0", "generation=1 shard=0"})
    void whatSaysSomethingElseIsNone(String text) {
        assertThat(SnapshotHeader.parse(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
