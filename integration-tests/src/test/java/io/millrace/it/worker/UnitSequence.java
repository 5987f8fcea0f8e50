package io.millrace.it.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.CommandChange;
import io.millrace.it.worker.CommittedChanges.Read;
import java.nio.charset.StandardCharsets;

/**
 * Units that were written with a number each, one after the other: single commands, of which RPUSH carries the number, and
 * transactions of two commands that both do. Every number must be at its place, and every transaction have its end.
 */
final class UnitSequence {

    private final boolean alone;
    private int first = -1;
    private int units;
    private long offset = -1;
    private Read begun;

    /** @param alone whether no marker of a Kafka transaction may be between the records of a unit */
    UnitSequence(boolean alone) {
        this.alone = alone;
    }

    void take(Read read, CommandChange change) {
        assertThat(change.offset()).isGreaterThan(offset);
        offset = change.offset();
        if (begun != null) {
            goesOn(read, change);
            begun = null;
            return;
        }
        if (change.command().name().equals("RPUSH")) {
            first = first < 0 ? number(change) - units : first;
            assertThat(number(change)).isEqualTo(first + units);
        }
        units++;
        if (change.transaction() != null) {
            assertThat(change.transaction().index()).isZero();
            begun = read;
        }
    }

    private void goesOn(Read read, CommandChange change) {
        CommandChange beginning = (CommandChange) begun.change();
        assertThat(change.transaction().id()).isEqualTo(beginning.transaction().id());
        assertThat(change.transaction().last()).isTrue();
        assertThat(number(change)).isEqualTo(number(beginning));
        if (alone) {
            assertThat(read.record() - begun.record()).isBetween(0L, 1L);
        }
    }

    /** The number of the first unit: those before it were in the snapshot. */
    int first() {
        return first;
    }

    int units() {
        return units;
    }

    private static int number(CommandChange change) {
        return Integer.parseInt(new String(change.command().args()[1], StandardCharsets.US_ASCII));
    }
}
