package io.millrace.cli.replay;

import io.millrace.cli.options.Side;

/**
 * What was asked for.
 *
 * @param from null for the newest complete snapshot
 * @param until null for the end of the log
 * @param flush whether the target is emptied first
 * @param twice whether keys at the target are no reason to stop
 * @param text the same for another request of the same words, and for no other
 */
record ReplayRequest(Moment from, Moment until, boolean flush, boolean twice, String text) {

    static ReplayRequest of(ReplayOptions options, Side to) {
        ReplayOptions.From from = options.from;
        ReplayOptions.Until until = options.until;
        Moment begin = from.start ? null : Moment.of("--to-offset", from.offset, "--to-time", from.time);
        Moment end = until == null ? null : Moment.of("--until-offset", until.offset, "--until-time", until.time);
        return new ReplayRequest(
                begin,
                end,
                options.keys != null && options.keys.flush,
                options.keys != null && options.keys.twice,
                to.display() + " from " + begin + " until " + end);
    }
}
