package io.millrace.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ScriptsTest {

    private static final String ONE = "return 1";
    private static final String DIGEST = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";

    private final Scripts scripts = new Scripts(20);

    @Test
    void aDigestIsFoundInEitherCaseAfterEvalAndAfterScriptLoad() {
        assertThat(eval("EVALSHA", DIGEST, "0")).isNull();
        assertThat(eval("EVAL", ONE, "0")).isNull();
        assertThat(eval("EVALSHA", DIGEST.toUpperCase(Locale.ROOT), "1", "k"))
                .isDeepEqualTo(rows(bytes(ONE), bytes("1"), bytes("k")));
        Scripts others = new Scripts(20);
        others.evaluated("SCRIPT", new byte[][] {bytes("load"), bytes(ONE)});
        assertThat(others.evaluated("EVALSHA", new byte[][] {bytes(DIGEST), bytes("0")}))
                .isDeepEqualTo(rows(bytes(ONE), bytes("0")));
    }

    @Test
    void theOneThatWasNotUsedForLongestGoesFirst() {
        eval("EVAL", ONE, "0");
        eval("EVAL", "return 2", "0");
        scripts.noted();
        eval("EVALSHA", DIGEST, "0");
        eval("EVAL", "return 3", "0");
        assertThat(eval("EVALSHA", DIGEST, "0")).isNotNull();
        assertThat(scripts.additions()).hasSize(2).last().isEqualTo(bytes("return 3"));
        assertThat(scripts.drops()).hasSize(1);
        scripts.noted();
        assertThat(scripts.isChanged()).isFalse();
    }

    @Test
    void whatIsTooLargeIsNotKeptAndWhatTheDestinationLostIsWrittenAgain() {
        eval("EVAL", "return 'more than twenty bytes'", "0");
        assertThat(scripts.isChanged()).isFalse();
        scripts.restore(DIGEST, bytes(ONE));
        assertThat(scripts.isChanged()).isFalse();
        scripts.forgotten();
        assertThat(scripts.additions().toArray(new byte[0][])).isDeepEqualTo(rows(bytes(DIGEST), bytes(ONE)));
    }

    private byte[][] eval(String name, String... args) {
        byte[][] bytes = new byte[args.length][];
        for (int i = 0; i < args.length; i++) {
            bytes[i] = bytes(args[i]);
        }
        return scripts.evaluated(name, bytes);
    }

    private static byte[][] rows(byte[]... rows) {
        return rows;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
