package io.millrace.sink.apply;

import io.millrace.sink.plan.CommandName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A command of the sink's own that goes with the data of a step, in the same transaction: how far the step brings the
 * destination.
 */
record Note(CommandName name, byte[][] args) {

    /** @param argv the name and what follows it */
    static Note of(byte[][] argv) {
        return new Note(
                CommandName.of(new String(argv[0], StandardCharsets.ISO_8859_1)),
                Arrays.copyOfRange(argv, 1, argv.length));
    }
}
