package io.millrace.source.scan;

import static io.millrace.source.scan.ScannedServer.ascii;

import io.millrace.change.Expiry;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.util.List;

/**
 * When keys expire, by the server's clock. PEXPIRETIME says it (Redis 7.0); before, PTTL and TIME together do, to within
 * the time that a request takes. One thread.
 */
final class Expiries {

    /** A key that is there no more. */
    static final long GONE = Long.MIN_VALUE;

    private static final byte[] PEXPIRETIME = ascii("PEXPIRETIME");
    private static final byte[] PTTL = ascii("PTTL");
    private static final long NO_EXPIRY = -1;
    private static final long NO_KEY = -2;

    private final ScannedServer server;
    private final KeyScope scope;
    private boolean absolute = true;
    private boolean mayAskTime = true;

    Expiries(ScannedServer server, KeyScope scope) {
        this.server = server;
        this.scope = scope;
    }

    /** In milliseconds since the epoch, {@link Expiry#NONE} or {@link #GONE}. */
    long[] of(List<byte[]> keys) {
        if (absolute) {
            List<Object> replies = ask(PEXPIRETIME, keys);
            Kind error = ScannedServer.errorKind(replies.get(0));
            if (error == null || !ScannedServer.isDenied(error)) {
                return expiries(keys, replies, 0, "PEXPIRETIME");
            }
            absolute = false;
        }
        return expiries(keys, ask(PTTL, keys), now(), "PTTL");
    }

    private List<Object> ask(byte[] command, List<byte[]> keys) {
        return server.exchange(
                keys.stream().map(key -> new byte[][] {command, key}).toList());
    }

    private long[] expiries(List<byte[]> keys, List<Object> replies, long base, String command) {
        long[] expiries = new long[replies.size()];
        for (int i = 0; i < expiries.length; i++) {
            Kind error = ScannedServer.errorKind(replies.get(i));
            if (error != null && scope.isElsewhere(error, keys.get(i))) {
                expiries[i] = GONE;
                continue;
            }
            if (!(replies.get(i) instanceof Long reply)) {
                throw server.failure(command, replies.get(i));
            }
            expiries[i] = reply == NO_KEY ? GONE : reply == NO_EXPIRY ? Expiry.NONE : base + reply;
        }
        return expiries;
    }

    private long now() {
        if (mayAskTime) {
            try {
                List<?> time = (List<?>) server.node().call("TIME");
                return Long.parseLong(ScannedServer.text(time.get(0))) * 1000
                        + Long.parseLong(ScannedServer.text(time.get(1))) / 1000;
            } catch (RedisFailureException e) {
                if (!ScannedServer.isDenied(e.kind())) {
                    throw e;
                }
                mayAskTime = false;
            }
        }
        return System.currentTimeMillis();
    }
}
