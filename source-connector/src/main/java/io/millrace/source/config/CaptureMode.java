package io.millrace.source.config;

/** How the source is read (setting {@code capture.mode}). */
public enum CaptureMode {
    /** As a replica: a copy, and then every change. */
    REPLICATE,
    /** By SCAN: a copy, and then nothing. */
    SCAN
}
