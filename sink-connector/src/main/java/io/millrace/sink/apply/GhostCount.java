package io.millrace.sink.apply;

/** How many ghosts were met, and one of them to show. */
final class GhostCount {

    private long ghosts;
    private byte[] example;

    void add(long more, byte[] one) {
        ghosts += more;
        if (example == null) {
            example = one;
        }
    }

    /** Another pass begins: it meets those again that were not removed. */
    void restart(boolean removed) {
        ghosts = removed ? ghosts : 0;
    }

    long ghosts() {
        return ghosts;
    }

    byte[] example() {
        return example;
    }
}
