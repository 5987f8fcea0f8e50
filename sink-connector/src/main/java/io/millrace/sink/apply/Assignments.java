package io.millrace.sink.apply;

import io.millrace.change.CommandChange;
import io.millrace.change.SnapshotEntry;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Knows the units that say what their keys are, whatever they were: SET, MSET, DEL, RESTORE … REPLACE, and whole snapshot
 * entries. A stretch of the log of which only such units touch a key may be applied again, over any state that it has been
 * through, and ends the same. Such units need no checkpoint.
 *
 * <p>Not among them: what reads the old value or type (SET with NX, XX, GET or KEEPTTL, GETSET), what counts time from now on,
 * what only adds to a key, and the parts of a value that comes in several: a part is right after the parts before it alone.
 */
final class Assignments {

    private Assignments() {}

    static boolean isAssignment(Unit unit) {
        if (unit.route() != Unit.Route.SLOT) {
            return false;
        }
        PlannedCommand[] commands = unit.commands();
        if (commands[0].change() instanceof SnapshotEntry entry) {
            return replacesWhole(entry, commands[0]);
        }
        for (int i = 0; i < commands.length; i++) {
            PlannedCommand command = commands[i];
            if (!(command.change() instanceof CommandChange)
                    || !(assigns(command) || (i > 0 && isExpiryOf(commands[i - 1], command)))) {
                return false;
            }
        }
        return true;
    }

    /** The planner's commands for an entry all work on its key, unless the value is put together aside first. */
    private static boolean replacesWhole(SnapshotEntry entry, PlannedCommand first) {
        if (entry.part() != null || !Arrays.equals(first.args()[0], entry.key())) {
            return false;
        }
        return first.name().text().equals("DEL") || assigns(first);
    }

    private static boolean assigns(PlannedCommand command) {
        byte[][] args = command.args();
        return switch (command.name().text()) {
            case "DEL", "UNLINK" -> true;
            case "MSET" -> args.length > 0 && args.length % 2 == 0;
            case "SET" -> args.length == 2 || (args.length == 4 && (is(args[2], "PXAT") || is(args[2], "EXAT")));
            case "RESTORE" ->
                args.length > 3 && hasOption(args, "REPLACE") && (hasOption(args, "ABSTTL") || is(args[1], "0"));
            default -> false;
        };
    }

    /** SET and the expiry that a destination without SET … PXAT gets apart from it. */
    private static boolean isExpiryOf(PlannedCommand before, PlannedCommand command) {
        return command.name().text().equals("PEXPIREAT")
                && command.args().length == 2
                && (before.name().text().equals("SET") || before.name().text().equals("RESTORE"))
                && Arrays.equals(before.args()[0], command.args()[0]);
    }

    private static boolean hasOption(byte[][] restore, String word) {
        for (int i = 3; i < restore.length; i++) {
            if (is(restore[i], word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(byte[] arg, String word) {
        return arg.length == word.length() && new String(arg, StandardCharsets.ISO_8859_1).equalsIgnoreCase(word);
    }
}
