package io.millrace.command;

/** Where a command carries an expiry. */
enum ExpiryForm {
    NONE,
    /** Argument 2, from now on. */
    IN_SECONDS,
    IN_MILLIS,
    /** Argument 2, Unix time. */
    AT_SECONDS,
    AT_MILLIS,
    FIELDS_IN_SECONDS,
    FIELDS_IN_MILLIS,
    FIELDS_AT_SECONDS,
    FIELDS_AT_MILLIS,
    /** GETEX key [EX n | PX n | EXAT n | PXAT n | PERSIST]. */
    OPTIONS,
    /** SET key value [options]. */
    SET_OPTIONS,
    /** HSETEX and HGETEX: options up to the word FIELDS. */
    FIELD_OPTIONS,
    /** MSETEX numkeys key value ... [options]. */
    COUNTED_PAIR_OPTIONS,
    /** RESTORE key ttl payload [REPLACE] [ABSTTL] ...: 0 is none. */
    RESTORE;

    private static final byte[] EX = Ascii.bytes("EX");
    private static final byte[] PX = Ascii.bytes("PX");
    private static final byte[] EXAT = Ascii.bytes("EXAT");
    private static final byte[] PXAT = Ascii.bytes("PXAT");
    private static final byte[] FIELDS = Ascii.bytes("FIELDS");
    private static final byte[] ABSTTL = Ascii.bytes("ABSTTL");
    private static final byte[] IFEQ = Ascii.bytes("IFEQ");
    private static final byte[] IFNE = Ascii.bytes("IFNE");
    private static final byte[] IFDEQ = Ascii.bytes("IFDEQ");
    private static final byte[] IFDNE = Ascii.bytes("IFDNE");

    /** Null when the command as it stands sets none. */
    Expiry find(byte[][] argv) {
        return switch (this) {
            case NONE -> null;
            case IN_SECONDS -> at(argv, 2, true, false, false);
            case IN_MILLIS -> at(argv, 2, false, false, false);
            case AT_SECONDS -> at(argv, 2, true, true, false);
            case AT_MILLIS -> at(argv, 2, false, true, false);
            case FIELDS_IN_SECONDS -> at(argv, 2, true, false, true);
            case FIELDS_IN_MILLIS -> at(argv, 2, false, false, true);
            case FIELDS_AT_SECONDS -> at(argv, 2, true, true, true);
            case FIELDS_AT_MILLIS -> at(argv, 2, false, true, true);
            case OPTIONS -> option(argv, 2, false);
            case SET_OPTIONS -> option(argv, 3, false);
            case FIELD_OPTIONS -> option(argv, 2, true);
            case COUNTED_PAIR_OPTIONS -> afterPairs(argv);
            case RESTORE -> restore(argv);
        };
    }

    private static Expiry afterPairs(byte[][] argv) {
        long pairs = argv.length > 1 ? Ascii.number(argv[1]) : -1;
        return pairs < 0 || pairs > argv.length ? null : option(argv, (int) (2 + pairs * 2), false);
    }

    private static Expiry restore(byte[][] argv) {
        boolean absolute = false;
        for (int i = 4; i < argv.length; i++) {
            absolute |= Ascii.equalsIgnoreCase(argv[i], ABSTTL);
        }
        Expiry ttl = at(argv, 2, false, absolute, false);
        return ttl == null || ttl.value() == 0 ? null : ttl;
    }

    private static Expiry option(byte[][] argv, int from, boolean ofFields) {
        for (int i = from; i + 1 < argv.length; i++) {
            byte[] word = argv[i];
            if (Ascii.equalsIgnoreCase(word, EX)) {
                return at(argv, i + 1, true, false, ofFields);
            }
            if (Ascii.equalsIgnoreCase(word, PX)) {
                return at(argv, i + 1, false, false, ofFields);
            }
            if (Ascii.equalsIgnoreCase(word, EXAT)) {
                return at(argv, i + 1, true, true, ofFields);
            }
            if (Ascii.equalsIgnoreCase(word, PXAT)) {
                return at(argv, i + 1, false, true, ofFields);
            }
            if (ofFields && Ascii.equalsIgnoreCase(word, FIELDS)) {
                return null;
            }
            if (hasValue(word)) {
                i++;
            }
        }
        return null;
    }

    /** The conditions of SET that are followed by a value, which may itself be a word such as EX. */
    private static boolean hasValue(byte[] word) {
        return Ascii.equalsIgnoreCase(word, IFEQ)
                || Ascii.equalsIgnoreCase(word, IFNE)
                || Ascii.equalsIgnoreCase(word, IFDEQ)
                || Ascii.equalsIgnoreCase(word, IFDNE);
    }

    private static Expiry at(byte[][] argv, int position, boolean seconds, boolean absolute, boolean ofFields) {
        if (position >= argv.length) {
            return null;
        }
        byte[] text = argv[position];
        boolean negative = text.length > 1 && text[0] == '-';
        long value = 0;
        int from = negative ? 1 : 0;
        if (text.length == from || text.length - from > 18) {
            return null;
        }
        for (int i = from; i < text.length; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return null;
            }
            value = value * 10 + (text[i] - '0');
        }
        return new Expiry(position, negative ? -value : value, seconds, absolute, ofFields);
    }
}
