package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;

class ChangeCodecTest {

    private static final RecursiveComparisonConfiguration STRICT = RecursiveComparisonConfiguration.builder()
            .withStrictTypeChecking(true)
            .build();

    private final ChangeCodec codec = new ChangeCodec();

    @Property(tries = 500)
    void singleSurvivesTheRoundTrip(@ForAll("changes") Change change) {
        Struct struct = codec.single(change);
        struct.validate();

        assertThat(codec.read(struct.schema(), struct))
                .usingRecursiveComparison(STRICT)
                .isEqualTo(List.of(change));
    }

    @Property(tries = 200)
    void batchSurvivesTheRoundTrip(@ForAll("runs") List<Change> changes) {
        Origin origin = changes.get(0).origin();
        Struct struct = codec.batch(origin, changes);
        struct.validate();

        assertThat(codec.read(struct.schema(), struct))
                .usingRecursiveComparison(STRICT)
                .isEqualTo(changes);
    }

    @Property(tries = 100)
    void theKeyNamesDatabaseAndFirstKey(@ForAll("changes") Change change) {
        Struct key = codec.key(change);
        key.validate();

        assertThat(key.getInt32("db")).isEqualTo(change.db());
        assertThat((byte[]) key.get("key")).isEqualTo(change.key());
    }

    @Test
    void readsBytesFromBuffers() {
        assertThat(Shape.toBytes(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2)))
                .containsExactly(2, 3);
        byte[] whole = {5, 6};
        assertThat(Shape.toBytes(ByteBuffer.wrap(whole))).isSameAs(whole);
    }

    @Test
    void readsAWriterThatHasMoreAndFewerFields() {
        SchemaBuilder other = SchemaBuilder.struct().name(ChangeSchemas.CHANGE.name());
        other.field("added", Schema.OPTIONAL_STRING_SCHEMA);
        ChangeSchemas.CHANGE.fields().stream()
                .filter(f -> !f.name().equals("reason"))
                .forEach(f -> other.field(f.name(), f.schema()));
        Mark mark = new Mark(Changes.origin(), 0, 77, Mark.Meaning.HEARTBEAT, Map.of("a", "b"));
        Struct ours = codec.single(mark);
        Struct theirs = new Struct(other.build());
        ChangeSchemas.CHANGE.fields().stream()
                .filter(f -> !f.name().equals("reason"))
                .forEach(f -> theirs.put(f.name(), ours.get(f)));

        assertThat(codec.read(theirs.schema(), theirs)).containsExactly(mark);
    }

    @Test
    void refusesWhatIsNotAnEvent() {
        assertThatThrownBy(() -> codec.read(null, Map.of("kind", "command")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("schemas.enable=true");
        Struct foreign = new Struct(SchemaBuilder.struct().name("Order").build());
        assertThatThrownBy(() -> codec.read(foreign.schema(), foreign))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Order");
    }

    @Test
    void refusesAKindThatItDoesNotKnow() {
        Struct struct = codec.single(new Mark(Changes.origin(), 0, 77, Mark.Meaning.GAP, Map.of()));
        struct.put("kind", "novelty");

        assertThatThrownBy(() -> codec.read(struct.schema(), struct))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("novelty")
                .hasMessageContaining("offset 77");
    }

    @Provide
    Arbitrary<Change> changes() {
        return Changes.any();
    }

    @Provide
    Arbitrary<List<Change>> runs() {
        return Changes.runs();
    }
}
