package io.millrace.it.storm;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every change of the log that concerns one key, as lines to read. */
final class KeyHistory {

    private static final int EXCERPT = 48;

    private final int db;
    private final byte[] key;
    private final List<String> lines = new ArrayList<>();

    private KeyHistory(int db, byte[] key) {
        this.db = db;
        this.key = key;
    }

    static List<String> of(KafkaLog log, int db, byte[] key) {
        KeyHistory history = new KeyHistory(db, key);
        log.read(0, (record, index, change) -> history.pass(record.offset() + "/" + index, change));
        return history.lines;
    }

    private void pass(String place, Change change) {
        String what = null;
        String transaction = "";
        if (change instanceof Mark mark && mark.meaning() != Mark.Meaning.HEARTBEAT) {
            what = mark.meaning() + " " + mark.details();
        } else if (change instanceof SnapshotEntry entry && entry.db() == db && Arrays.equals(entry.key(), key)) {
            what = "entry " + entry.type() + (entry.part() == null ? "" : " " + entry.part())
                    + (entry.payload() == null ? "" : " of " + entry.payload().length + " bytes");
        } else if (change instanceof CommandChange command && concerns(command)) {
            what = text(command.command());
            transaction = command.transaction() == null ? "" : " " + command.transaction();
        }
        if (what != null) {
            lines.add("record " + place + " generation " + change.origin().generation() + " offset " + change.offset()
                    + " captured " + change.origin().capturedAt() + transaction + ": " + what);
        }
    }

    private boolean concerns(CommandChange change) {
        Command command = change.command();
        if (command.keys().length == 0) {
            return change.db() == db || !command.name().equals("FLUSHDB");
        }
        return change.db() == db
                && Arrays.stream(command.keys()).anyMatch(index -> Arrays.equals(command.args()[index], key));
    }

    /** Printable, the long arguments cut. */
    static String text(Command command) {
        StringBuilder text = new StringBuilder(command.name());
        for (byte[] arg : command.args()) {
            text.append(' ').append(text(arg));
        }
        return text.toString();
    }

    private static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            if (text.length() >= EXCERPT) {
                return text + "…(" + bytes.length + ")";
            }
            text.append(c > ' ' && c < 127 ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return text.toString();
    }
}
