package io.millrace.sink.apply;

import java.time.Duration;

/**
 * Limits of applying.
 *
 * @param connectionWindow how long the destination may be away (unreachable, loading, down, without a master) before the
 *     task fails
 * @param otherWindow the same for every other failure that can pass; lack of memory has no limit
 * @param inFlightCommands commands sent on one connection and not answered
 * @param inFlightBytes the same in bytes
 */
public record ApplySettings(
        Duration connectionWindow, Duration otherWindow, int inFlightCommands, long inFlightBytes) {}
