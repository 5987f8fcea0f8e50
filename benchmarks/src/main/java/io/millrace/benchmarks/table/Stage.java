package io.millrace.benchmarks.table;

/** What a thread of the embedded process works for, told by the first 15 characters of its name. */
public enum Stage {
    COMPILER("C1 Compiler", "C2 Compiler", "Sweeper"),
    COLLECTOR("VM Thread", "GC Thread", "G1 "),
    BROKER(
            "data-plane-kafk",
            "kafka-scheduler",
            "kafka-log",
            "controller",
            "raft-",
            "quorum",
            "group-coord",
            "broker-"),
    /** Connect's threads of both tasks: conversion, producing, consuming, and what the tasks do in poll and put. */
    TASKS("task-thread"),
    PRODUCER("kafka-producer"),
    LINK("millrace-link"),
    /** Parses the stream and makes changes. */
    SOURCE("millrace-source", "millrace-sourc"),
    /** Plans and applies. */
    SINK("millrace-sink"),
    OTHER;

    private final String[] beginnings;

    Stage(String... beginnings) {
        this.beginnings = beginnings;
    }

    static Stage of(String thread) {
        for (Stage stage : values()) {
            for (String beginning : stage.beginnings) {
                if (thread.startsWith(beginning)) {
                    return stage;
                }
            }
        }
        return OTHER;
    }
}
