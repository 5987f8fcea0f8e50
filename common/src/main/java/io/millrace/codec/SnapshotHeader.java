package io.millrace.codec;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The header {@value #NAME} of a record in which a snapshot begins or ends, so that whoever looks for a place to replay from
 * finds it without reading values, whatever converter wrote them. A record has one for each such mark in it, in their order.
 *
 * @param begins true where the snapshot begins, false where it is complete
 * @param generation of the snapshot
 * @param shard that it is of
 */
public record SnapshotHeader(boolean begins, int generation, String shard) {

    /** The header's name. */
    public static final String NAME = "millrace.snapshot";

    private static final String BEGIN = "begin";
    private static final String END = "end";
    private static final String GENERATION = " generation=";
    private static final String SHARD = " shard=";

    /** Empty for every change but the two marks. */
    public static Optional<SnapshotHeader> of(Change change) {
        if (!(change instanceof Mark mark)) {
            return Optional.empty();
        }
        return switch (mark.meaning()) {
            case SNAPSHOT_BEGIN, SNAPSHOT_END ->
                Optional.of(new SnapshotHeader(
                        mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN,
                        mark.origin().generation(),
                        mark.origin().shard()));
            case HEARTBEAT, TOPOLOGY, GAP -> Optional.empty();
        };
    }

    /** For example {@code begin generation=3 shard=0}. */
    public String text() {
        return (begins ? BEGIN : END) + GENERATION + generation + SHARD + shard;
    }

    /**
     * Reads a header as a header converter has written it: as it is, in quotes, or in a JSON envelope.
     *
     * @return empty when it says something else
     */
    public static Optional<SnapshotHeader> parse(byte[] header) {
        String text = header == null ? "" : new String(header, StandardCharsets.UTF_8);
        int generation = text.indexOf(GENERATION);
        int shard = text.indexOf(SHARD, Math.max(0, generation));
        if (generation < 0 || shard < 0) {
            return Optional.empty();
        }
        String before = text.substring(0, generation);
        int quote = text.indexOf('"', shard);
        String name = text.substring(shard + SHARD.length(), quote < 0 ? text.length() : quote);
        try {
            int number = Integer.parseInt(text.substring(generation + GENERATION.length(), shard));
            return before.endsWith(BEGIN) || before.endsWith(END)
                    ? Optional.of(new SnapshotHeader(before.endsWith(BEGIN), number, name))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
