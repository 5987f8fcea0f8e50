package io.millrace.cli.crossslot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.crossslot.CrossSlotTally.Way;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CrossSlotTallyTest {

    private final CrossSlotTally tally = new CrossSlotTally();

    @Test
    void eachCommandGoesOneWay() {
        add("SET a 1", "SUNIONSTORE {t}a {t}b {t}c", "PING", "REPLCONF GETACK *", "FLUSHALL", "PUBLISH c m");
        assertThat(tally.isPlain()).isTrue();
        add("mset a 1 b 2", "RENAME a b", "RENAME a c", "RENAME {a}1 {a}2", "EVAL return(1) 0", "EVAL return(1) 2 a b");
        add("COPY a b DB 3", "MOVE a 1", "SWAPDB 1 2", "MODULE.WRITE a", "RENAME a");
        assertThat(tally.count(Way.DIVIDED)).isEqualTo(1);
        assertThat(tally.count(Way.COPIED)).isEqualTo(3);
        assertThat(tally.count(Way.REFUSED)).isEqualTo(4);
        assertThat(tally.count(Way.UNKNOWN)).isEqualTo(2);
        assertThat(tally.lines())
                .filteredOn(line -> line.way() == Way.COPIED)
                .extracting(line -> line.name() + " " + line.count())
                .containsExactly("RENAME 2", "EVAL 1");
        assertThat(tally.commands()).isEqualTo(15);
    }

    @Test
    void transactionsCountOnceAndDatabasesAreFollowed() {
        add("MULTI", "INCR {x}1", "INCR {x}2", "EXEC", "MULTI", "INCR x", "INCR y", "INCR z", "EXEC", "EXEC");
        assertThat(tally.transactions()).isEqualTo(2);
        assertThat(tally.transactionsAcross()).isEqualTo(1);
        assertThat(tally.transactionExample()).hasSize(2);
        add("SELECT 4", "SET a 1", "SELECT 0", "SET a 1");
        assertThat(tally.otherDatabases()).isEqualTo(1);
    }

    @Test
    void namesThatNobodyKnowsDoNotFillTheMemory() {
        for (int i = 0; i < 3000; i++) {
            add("NAME" + i + " x");
        }
        assertThat(tally.lines()).hasSizeLessThan(1100);
        assertThat(tally.count(Way.UNKNOWN)).isEqualTo(3000);
    }

    private void add(String... commands) {
        for (String command : commands) {
            String[] words = command.split(" ");
            byte[][] argv = new byte[words.length][];
            for (int i = 0; i < words.length; i++) {
                argv[i] = words[i].getBytes(StandardCharsets.US_ASCII);
            }
            tally.add(argv);
        }
    }
}
