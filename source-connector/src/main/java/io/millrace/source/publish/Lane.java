package io.millrace.source.publish;

import io.millrace.change.Position;
import java.util.Map;

/**
 * One shard of a task, to the polling side.
 *
 * @param sourcePartition the key under which Connect stores the shard's position
 * @param start where its changes go on, or null when the first one begins a snapshot
 */
public record Lane(Map<String, String> sourcePartition, Position start, Acknowledgements acknowledgements) {}
