package io.millrace.command;

import java.util.Map;

/** The commands whose keys no key specification describes: they are found by their own grammar (db.c, *GetKeys). */
interface MovableKeys {

    void find(byte[][] argv, KeySpec.Positions found);

    Map<String, MovableKeys> BY_NAME = Map.of(
            "SORT", MovableKeys::sort,
            "SORT_RO", (argv, found) -> found.add(1),
            "GEORADIUS", MovableKeys::geoRadius,
            "GEORADIUSBYMEMBER", MovableKeys::geoRadius,
            "MIGRATE", MovableKeys::migrate);

    /** SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC|DESC] [ALPHA] [STORE destination]; the last STORE counts. */
    private static void sort(byte[][] argv, KeySpec.Positions found) {
        found.add(1);
        int destination = -1;
        for (int i = 2; i < argv.length; i++) {
            if (Ascii.equalsIgnoreCase(argv[i], Word.LIMIT)) {
                i += 2;
            } else if (Ascii.equalsIgnoreCase(argv[i], Word.GET) || Ascii.equalsIgnoreCase(argv[i], Word.BY)) {
                i += 1;
            } else if (Ascii.equalsIgnoreCase(argv[i], Word.STORE) && i + 1 < argv.length) {
                destination = ++i;
            }
        }
        if (destination > 0) {
            found.add(destination);
        }
    }

    /** The options follow the unit at argument 5 (GEORADIUS) or 4 (GEORADIUSBYMEMBER); the last STORE or STOREDIST counts. */
    private static void geoRadius(byte[][] argv, KeySpec.Positions found) {
        found.add(1);
        int destination = -1;
        for (int i = 5; i + 1 < argv.length; i++) {
            if (Ascii.equalsIgnoreCase(argv[i], Word.STORE) || Ascii.equalsIgnoreCase(argv[i], Word.STOREDIST)) {
                destination = ++i;
            }
        }
        if (destination > 0) {
            found.add(destination);
        }
    }

    /** MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH password] [AUTH2 user password] [KEYS key ...]. */
    private static void migrate(byte[][] argv, KeySpec.Positions found) {
        if (argv.length > 3 && argv[3].length > 0) {
            found.add(3);
            return;
        }
        for (int i = 6; i < argv.length; i++) {
            if (Ascii.equalsIgnoreCase(argv[i], Word.AUTH)) {
                i += 1;
            } else if (Ascii.equalsIgnoreCase(argv[i], Word.AUTH2)) {
                i += 2;
            } else if (Ascii.equalsIgnoreCase(argv[i], Word.KEYS)) {
                for (int key = i + 1; key < argv.length; key++) {
                    found.add(key);
                }
                return;
            }
        }
    }

    /** Option words, in upper case. */
    final class Word {
        private static final byte[] LIMIT = Ascii.bytes("LIMIT");
        private static final byte[] GET = Ascii.bytes("GET");
        private static final byte[] BY = Ascii.bytes("BY");
        private static final byte[] STORE = Ascii.bytes("STORE");
        private static final byte[] STOREDIST = Ascii.bytes("STOREDIST");
        private static final byte[] AUTH = Ascii.bytes("AUTH");
        private static final byte[] AUTH2 = Ascii.bytes("AUTH2");
        private static final byte[] KEYS = Ascii.bytes("KEYS");

        private Word() {}
    }
}
