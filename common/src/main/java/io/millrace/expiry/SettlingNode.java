package io.millrace.expiry;

import io.millrace.client.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** The commands of settling on one node and database. */
final class SettlingNode {

    /** A remaining time beyond that, in milliseconds, is a deferred one: 1,100 years. */
    private static final long FAR = 1L << 45;

    private final Node node;
    private final boolean hasExpireTime;

    /** @param hasExpireTime whether the server has PEXPIRETIME (Redis and Valkey 7.0) */
    SettlingNode(Node node, boolean hasExpireTime) {
        this.node = node;
        this.hasExpireTime = hasExpireTime;
    }

    Object scan(byte[] cursor, String count) {
        return node.call(ascii("SCAN"), cursor, ascii("COUNT"), ascii(count));
    }

    /** Those of the keys whose expiry is deferred. */
    List<byte[]> deferred(List<?> keys) {
        for (Object key : keys) {
            send(hasExpireTime ? "PEXPIRETIME" : "PTTL", (byte[]) key);
        }
        List<Object> replies = node.replies(keys.size());
        List<byte[]> found = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            long value = (Long) replies.get(i);
            if (hasExpireTime ? DeferredExpiry.isDeferred(value) : value > FAR) {
                found.add((byte[]) keys.get(i));
            }
        }
        return found;
    }

    /** Gives keys of one slot their exact expiries where these are due, all or none; returns how many. */
    long settle(List<byte[]> keys, LongPredicate due) {
        send("WATCH", keys.toArray(new byte[0][]));
        node.replies(1);
        long[] expiries = expiries(keys);
        int count = 0;
        for (long expiry : expiries) {
            count += isDue(expiry, due) ? 1 : 0;
        }
        if (count == 0) {
            send("UNWATCH");
            node.replies(1);
            return 0;
        }
        send("MULTI");
        for (int i = 0; i < expiries.length; i++) {
            if (isDue(expiries[i], due)) {
                send("PEXPIREAT", keys.get(i), ascii(Long.toString(DeferredExpiry.exact(expiries[i]))));
            }
        }
        send("EXEC");
        List<Object> replies = node.replies(count + 2);
        return replies.get(count + 1) == null ? 0 : count;
    }

    private static boolean isDue(long expiry, LongPredicate due) {
        return DeferredExpiry.isDeferred(expiry) && due.test(DeferredExpiry.exact(expiry));
    }

    private long[] expiries(List<byte[]> keys) {
        return hasExpireTime ? numbers("PEXPIRETIME", keys) : byTimeLeft(keys);
    }

    private long[] numbers(String command, List<byte[]> keys) {
        keys.forEach(key -> send(command, key));
        return node.replies(keys.size()).stream().mapToLong(Long.class::cast).toArray();
    }

    /** What is left and the server's clock, read within one millisecond: so the sum is exact. */
    private long[] byTimeLeft(List<byte[]> keys) {
        long[] expiries = new long[keys.size()];
        for (int i = 0; i < expiries.length; i++) {
            expiries[i] = byTimeLeft(keys.get(i));
        }
        return expiries;
    }

    /** The expiry of a key as a point in time, negative where there is none. */
    long byTimeLeft(byte[] key) {
        while (true) {
            send("TIME");
            send("PTTL", key);
            send("TIME");
            List<Object> replies = node.replies(3);
            long before = millis(replies.get(0));
            long left = (Long) replies.get(1);
            if (left < 0) {
                return left;
            }
            if (before == millis(replies.get(2))) {
                return before + left;
            }
        }
    }

    private static long millis(Object time) {
        List<?> parts = (List<?>) time;
        return number(parts.get(0)) * 1000 + number(parts.get(1)) / 1000;
    }

    private static long number(Object digits) {
        return Long.parseLong(new String((byte[]) digits, StandardCharsets.US_ASCII));
    }

    private void send(String command, byte[]... args) {
        byte[][] words = new byte[args.length + 1][];
        words[0] = ascii(command);
        System.arraycopy(args, 0, words, 1, args.length);
        node.send(words);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
