package io.millrace.sink.apply;

import io.millrace.sink.plan.PlannedCommand;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where the checkpoints, which are in database 0, end up when commands for whole databases are executed: FLUSHALL, FLUSHDB and
 * SWAPDB.
 */
final class CheckpointMoves {

    private static final int GONE = -1;

    private int db;
    private boolean touched;

    /** Follows one command of the destination, in order. */
    void follow(PlannedCommand command) {
        switch (command.name().text().toUpperCase(Locale.ROOT)) {
            case "FLUSHALL" -> moveTo(GONE);
            case "FLUSHDB" -> {
                if (db == command.db()) {
                    moveTo(GONE);
                }
            }
            case "SWAPDB" -> {
                if (command.args().length >= 2) {
                    swap(number(command.args()[0]), number(command.args()[1]));
                }
            }
            default -> {
                // any other command leaves them where they are
            }
        }
    }

    private void swap(int one, int other) {
        if (one == db && one != other) {
            moveTo(other);
        } else if (other == db && one != other) {
            moveTo(one);
        }
    }

    private void moveTo(int target) {
        touched = true;
        db = target;
    }

    /** Whether they must be written again. */
    boolean isTouched() {
        return touched;
    }

    /** Whether they lie in a database where they do not belong. */
    boolean isAstray() {
        return db > 0;
    }

    /** The database that they are in now. */
    int db() {
        return db;
    }

    private static int number(byte[] arg) {
        try {
            return Integer.parseInt(new String(arg, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            // the server refuses such a command, and moves nothing
            return Integer.MIN_VALUE;
        }
    }
}
