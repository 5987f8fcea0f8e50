package io.millrace.source.scan;

import static io.millrace.source.scan.ScannedServer.ascii;

import io.millrace.change.Expiry;
import io.millrace.failure.RedisFailureException;
import java.util.Arrays;
import java.util.List;

/** When fields of a hash expire (HPEXPIRETIME: Redis 7.4, Valkey 9). One thread. */
final class FieldExpiries {

    private static final long NO_FIELD = -2;

    private final ScannedServer server;
    private boolean known;

    FieldExpiries(ScannedServer server) {
        this.server = server;
        this.known = server.hasAtLeast(7, 4, 9);
    }

    /** In milliseconds since the epoch, {@link Expiry#NONE}, or {@link Expiries#GONE} for a field that is there no more. */
    long[] of(byte[] key, List<byte[]> fields) {
        long[] expiries = new long[fields.size()];
        Arrays.fill(expiries, Expiry.NONE);
        if (!known || fields.isEmpty()) {
            return expiries;
        }
        byte[][] command = new byte[fields.size() + 4][];
        command[0] = ascii("HPEXPIRETIME");
        command[1] = key;
        command[2] = ascii("FIELDS");
        command[3] = ascii(Integer.toString(fields.size()));
        for (int i = 0; i < fields.size(); i++) {
            command[i + 4] = fields.get(i);
        }
        try {
            Object reply = server.node().call(command);
            List<?> times = reply instanceof List<?> list ? list : List.of();
            for (int i = 0; i < times.size() && i < expiries.length; i++) {
                long time = (Long) times.get(i);
                expiries[i] = time == NO_FIELD ? Expiries.GONE : time < 0 ? Expiry.NONE : time;
            }
        } catch (RedisFailureException e) {
            if (!ScannedServer.isDenied(e.kind())) {
                throw e;
            }
            known = false;
        }
        return expiries;
    }
}
