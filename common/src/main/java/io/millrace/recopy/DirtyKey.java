package io.millrace.recopy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key whose value at the destination is not what the source has, because a change to it was refused. The dirty keys of a
 * sink connector are the fields of a hash in database 0 of its destination, {@code __millrace:dirty:<connector>}; each has a
 * {@link DirtyMark} as its value. Arrays are shared, not copied.
 *
 * @param db the source's database number
 */
public record DirtyKey(int db, byte[] key) {

    private static final String HASH = "__millrace:dirty:";

    /** The name of the hash. */
    public static byte[] hashOf(String connector) {
        return (HASH + connector).getBytes(StandardCharsets.UTF_8);
    }

    /** The name of the field: {@code <database>:<key>}. */
    public byte[] field() {
        byte[] prefix = (Integer.toString(db) + ':').getBytes(StandardCharsets.US_ASCII);
        byte[] field = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, field, prefix.length, key.length);
        return field;
    }

    /** @throws IllegalArgumentException when it is not what {@link #field} gives; the message does not repeat it */
    public static DirtyKey ofField(byte[] field) {
        int db = 0;
        for (int i = 0; i < Math.min(field.length, 10); i++) {
            if (field[i] == ':' && i > 0) {
                return new DirtyKey(db, Arrays.copyOfRange(field, i + 1, field.length));
            }
            if (field[i] < '0' || field[i] > '9') {
                break;
            }
            db = db * 10 + (field[i] - '0');
        }
        throw new IllegalArgumentException("a field of a hash of dirty keys does not begin with a database number");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DirtyKey that && db == that.db && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + db;
    }

    /** Never the key itself, which is the user's data. */
    @Override
    public String toString() {
        return "a key of " + key.length + " bytes in database " + db;
    }
}
