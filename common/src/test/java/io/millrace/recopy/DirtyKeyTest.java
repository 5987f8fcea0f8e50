package io.millrace.recopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirtyKeyTest {

    @Property(tries = 300)
    void aFieldIsReadAsItWasWritten(@ForAll @IntRange(max = 99_999) int db, @ForAll byte[] key) {
        assertThat(DirtyKey.ofField(new DirtyKey(db, key).field())).isEqualTo(new DirtyKey(db, key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":k", "k", "1", "x:k", "-1:k", "99999999999:k"})
    void anotherFieldIsNone(String field) {
        assertThatThrownBy(() -> DirtyKey.ofField(field.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 300)
    void aMarkIsReadAsItWasWritten(
            @ForAll int generation,
            @ForAll long offset,
            @ForAll @StringLength(max = 20) String shard,
            @ForAll @StringLength(max = 300) String reason) {
        DirtyMark mark = new DirtyMark(shard, generation, offset, "t-0@1", "RPUSH", reason);
        byte[] text = mark.text();
        // Text that is no text (halves of surrogate pairs) is lost; every mark is read the same from then on.
        DirtyMark read = DirtyMark.parse(text);
        assertThat(DirtyMark.parse(read.text())).isEqualTo(read);
        assertThat(read.offset()).isEqualTo(offset);
        assertThat(read.command()).isEqualTo("RPUSH");
    }

    @Property(tries = 300)
    void anythingElseIsAReason(@ForAll byte[] noise) {
        assertThat(DirtyMark.parse(noise)).isNotNull();
    }
}
