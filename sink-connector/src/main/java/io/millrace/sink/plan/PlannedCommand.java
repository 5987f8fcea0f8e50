package io.millrace.sink.plan;

import io.millrace.change.Change;

/**
 * One command for the destination.
 *
 * @param db the destination's database
 * @param args what follows the name
 * @param change where it comes from, for messages
 * @param ticket the record of that change
 */
public record PlannedCommand(CommandName name, byte[][] args, int db, ReplyRule rule, Change change, Ticket ticket) {

    /** Its size on the wire, nearly. */
    long bytes() {
        long bytes = 16 + name.bytes().length;
        for (byte[] arg : args) {
            bytes += 8 + arg.length;
        }
        return bytes;
    }

    /** The name and the number of arguments, never their content. */
    @Override
    public String toString() {
        return name + " with " + args.length + " arguments, from " + ticket;
    }
}
