package io.millrace.it.storm;

import java.util.List;

/** Keys that are written together only, in database 0: each group is in one slot, and its values are always the same. */
final class Pairs {

    static final int COUNT = 60;

    private Pairs() {}

    static List<String> keys(int n) {
        String tag = "{pair" + n + "}";
        return List.of(tag + ":a", tag + ":b", "z" + tag + ":c");
    }
}
