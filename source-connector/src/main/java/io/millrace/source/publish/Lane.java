package io.millrace.source.publish;

import io.millrace.change.Position;
import java.util.Map;
import java.util.Objects;

/**
 * One shard of a task, to the polling side.
 *
 * @param sourcePartition the key under which Connect stores the shard's position
 * @param start where its changes go on, or null when the first one begins a snapshot
 * @param note what is to be stored once beside the positions; null for nothing
 */
public record Lane(Map<String, String> sourcePartition, Position start, Acknowledgements acknowledgements, Note note) {

    /** An entry of Connect's offsets that is no position. */
    public record Note(Map<String, String> sourcePartition, Map<String, Object> sourceOffset) {
        public Note {
            Objects.requireNonNull(sourcePartition, "sourcePartition");
            Objects.requireNonNull(sourceOffset, "sourceOffset");
        }
    }

    /** Without a note. */
    public Lane(Map<String, String> sourcePartition, Position start, Acknowledgements acknowledgements) {
        this(sourcePartition, start, acknowledgements, null);
    }

    /** This lane, with a note. */
    public Lane with(Note once) {
        return new Lane(sourcePartition, start, acknowledgements, once);
    }
}
