package io.millrace.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a command does when it is applied: one line of {@code effects.tsv}. */
record Effects(Scope scope, Split split, Replay replay, List<Unless> exceptions, ExpiryForm expiry) {

    /** The presence of one word among the arguments changes the replay class. */
    record Unless(byte[] word, Replay replay) {}

    static final Effects OF_UNKNOWN_WRITE =
            new Effects(Scope.KEYS, Split.NONE, Replay.UNSAFE, List.of(), ExpiryForm.NONE);
    static final Effects OF_READ = new Effects(Scope.KEYS, Split.NONE, Replay.SAFE, List.of(), ExpiryForm.NONE);
    static final Effects OF_SERVER = new Effects(Scope.SERVER, Split.NONE, Replay.UNSAFE, List.of(), ExpiryForm.NONE);

    /** @param columns scope, split, replay and expiry */
    static Effects parse(String scope, String split, String replay, String expiry) {
        String[] parts = replay.split(";");
        List<Unless> exceptions = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            exceptions.add(new Unless(
                    Ascii.bytes(parts[i].substring(0, equals)), Replay.valueOf(upper(parts[i].substring(equals + 1)))));
        }
        return new Effects(
                Scope.valueOf(upper(scope)),
                Split.valueOf(upper(split)),
                Replay.valueOf(upper(parts[0])),
                List.copyOf(exceptions),
                ExpiryForm.valueOf(upper(expiry)));
    }

    /** Errs towards the exception: a value that happens to be the word counts as the word. */
    Replay replay(byte[][] argv) {
        for (Unless unless : exceptions) {
            for (int i = 2; i < argv.length; i++) {
                if (Ascii.equalsIgnoreCase(argv[i], unless.word)) {
                    return unless.replay;
                }
            }
        }
        return replay;
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
