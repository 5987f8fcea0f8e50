package io.millrace.sizing;

/**
 * CPU time by the threads of a worker, in microseconds for one key or command, or for one byte.
 *
 * @param link reads from the socket; one thread a shard
 * @param source parses and makes changes; one thread a shard
 * @param sourceTask the source task's: conversion and handing over to the producer
 * @param sinkTask the sink task's: consuming and conversion
 * @param sink plans and applies; one thread a task
 * @param other the producer's thread, garbage collection and whatever else the process does
 */
public record StageCosts(double link, double source, double sourceTask, double sinkTask, double sink, double other) {

    /** All of it: what one item costs a worker that has both connectors. */
    public double total() {
        return link + source + sourceTask + sinkTask + sink + other;
    }

    StageCosts plus(StageCosts more, double times) {
        return new StageCosts(
                link + more.link * times,
                source + more.source * times,
                sourceTask + more.sourceTask * times,
                sinkTask + more.sinkTask * times,
                sink + more.sink * times,
                other + more.other * times);
    }
}
