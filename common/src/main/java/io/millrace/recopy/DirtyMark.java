package io.millrace.recopy;

import java.nio.charset.StandardCharsets;

/**
 * Which change made a key dirty: the last one that was refused.
 *
 * @param shard the source's shard
 * @param generation and offset the change's position there
 * @param record the change's record in the topic, such as {@code orders-0@1234}
 * @param command its name; {@code RESTORE} and the like for a snapshot entry
 * @param reason the destination's reply, or why it was not sent; cut to {@value #LONGEST_REASON} characters
 */
public record DirtyMark(String shard, int generation, long offset, String record, String command, String reason) {

    private static final int LONGEST_REASON = 200;
    private static final String VERSION = "1";
    private static final int FIELDS = 7;

    public DirtyMark {
        shard = word(shard);
        record = word(record);
        command = word(command);
        reason = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    }

    /** Spaces separate the parts. */
    private static String word(String text) {
        return text.isEmpty() ? "-" : text.replace(' ', '_');
    }

    /** {@code 1 <shard> <generation> <offset> <record> <command> <reason>}. */
    public byte[] text() {
        return String.join(
                        " ",
                        VERSION,
                        shard,
                        Integer.toString(generation),
                        Long.toString(offset),
                        record,
                        command,
                        reason)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #text} gives; what it cannot read becomes the reason. */
    public static DirtyMark parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String[] parts = text.split(" ", FIELDS);
        if (parts.length == FIELDS && parts[0].equals(VERSION)) {
            try {
                return new DirtyMark(
                        parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3]), parts[4], parts[5], parts[6]);
            } catch (NumberFormatException e) {
                return unknown(text);
            }
        }
        return unknown(text);
    }

    private static DirtyMark unknown(String text) {
        return new DirtyMark("-", 0, -1, "-", "-", text);
    }
}
