package io.millrace.sizing;

/** The question. */
public record SizingRequest(Workload load, Layout layout, Aims aims) {}
