package io.millrace.command;

/**
 * The expiry that a command sets, and where it stands, so that it can be read and rewritten.
 *
 * @param position index in argv of the number
 * @param value the number as sent: seconds or milliseconds, as a point in time or from now on
 * @param seconds whether the unit is seconds, else milliseconds
 * @param absolute whether it is Unix time, else from now on
 * @param ofFields whether it is the expiry of hash fields, not of the key
 */
public record Expiry(int position, long value, boolean seconds, boolean absolute, boolean ofFields) {

    /**
     * The point in time in Unix milliseconds.
     *
     * @param nowMillis when the source executed the command; used only for a relative expiry
     */
    public long atMillis(long nowMillis) {
        long millis = seconds ? saturatedTimesThousand(value) : value;
        if (absolute) {
            return millis;
        }
        long at = nowMillis + millis;
        return millis > 0 && at < 0 ? Long.MAX_VALUE : at;
    }

    private static long saturatedTimesThousand(long value) {
        return value > Long.MAX_VALUE / 1000
                ? Long.MAX_VALUE
                : value < Long.MIN_VALUE / 1000 ? Long.MIN_VALUE : value * 1000;
    }
}
