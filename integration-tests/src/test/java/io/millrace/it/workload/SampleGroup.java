package io.millrace.it.workload;

import java.util.List;

/** Samples that run one after the other on one connection, on keys of their own. */
public record SampleGroup(String name, Scope scope, List<Sample> samples) {

    public SampleGroup {
        samples = List.copyOf(samples);
    }

    /** What a group touches, in the order in which the scopes must run. */
    public enum Scope {
        /** Empties the server, and so runs before everything else. */
        FLUSHING,
        /** Keys of database 0 in one hash slot. */
        ONE_SLOT,
        /** Keys of many slots, only through commands that can be split by key without a difference. */
        SCATTERED,
        /** Single commands whose keys lie in several slots. */
        CROSS_SLOT,
        /** Several databases; ends in database 0. */
        DATABASES,
        /** Commands that only a node of a cluster executes. */
        CLUSTER_NODE;

        static Scope parse(String text) {
            return valueOf(text.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }
    }

    /** The key that {@code @name} stands for. */
    static String key(String group, Scope scope, String name) {
        boolean oneSlot = scope != Scope.SCATTERED && scope != Scope.CROSS_SLOT;
        return oneSlot ? "{" + group + "}:" + name : group + ":" + name;
    }
}
