package io.millrace.sink.config;

/**
 * How much is worked on at a time.
 *
 * @param maxCommands units applied before the next are begun
 * @param maxBytes the same in bytes
 * @param bufferChanges changes taken from Kafka and not applied, about
 * @param bufferBytes the same in bytes
 */
public record BatchSettings(int maxCommands, long maxBytes, int bufferChanges, long bufferBytes) {}
