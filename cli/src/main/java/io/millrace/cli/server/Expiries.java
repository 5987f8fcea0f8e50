package io.millrace.cli.server;

import io.millrace.cli.Failure;
import io.millrace.cli.options.Side;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.precheck.Prechecks;
import io.millrace.client.NodeConnector;
import io.millrace.expiry.ExpirySettler;
import io.millrace.failure.RedisFailureException;
import java.util.concurrent.TimeUnit;

/** Puts the exact expiries in their place at a target whose sink has ended. */
public final class Expiries {
    private static final int MOST_PASSES = 20;
    private static final long AGAIN_MILLIS = 500;

    private Expiries() {}

    /**
     * Looks through the target until no expiry is put off any more.
     *
     * @throws Failure when the target is lost, or somebody keeps writing there
     */
    public static long settle(Side target, Terminal terminal) throws InterruptedException {
        ExpirySettler settler = new ExpirySettler(
                new NodeConnector(target.endpoint(Prechecks.requireTopology(target))),
                expireAt -> true,
                nanos -> !Thread.currentThread().isInterrupted());
        String failure = "others write to them.";
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            try {
                if (settler.pass() && settler.left() == 0) {
                    if (settler.settled() > 0) {
                        terminal.say(Quantity.count(settler.settled())
                                + " keys, whose time had been put off, expire at their time now.");
                    }
                    return settler.settled();
                }
            } catch (RedisFailureException e) {
                failure = e.getMessage();
            }
            TimeUnit.MILLISECONDS.sleep(AGAIN_MILLIS);
        }
        throw new Failure("Not all keys at " + target + " have got their exact expiry: " + failure
                + " Run millrace finish when that is mended.");
    }
}
