package io.millrace.sink.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The scripts that an old source has sent, by their digests. Redis before 7.0 with {@code lua-replicate-commands no}, and before
 * 5.0 by default, replicates EVALSHA as it came, once its replicas have seen the script as EVAL or SCRIPT LOAD (scripting.c,
 * replicationScriptCacheExists). The destination may have lost it since, in a restart or a failover, and in a cluster only the
 * node that executed it has it. So EVALSHA becomes EVAL.
 *
 * <p>Scripts are kept up to a number of bytes; the one that was not used for longest goes first. Belongs to the thread that
 * applies.
 */
public final class Scripts {

    private final Map<String, byte[]> byDigest = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<String> added = new LinkedHashSet<>();
    private final Set<String> dropped = new LinkedHashSet<>();
    private final long mostBytes;
    private long bytes;

    /** @param mostBytes of all scripts together that are kept */
    public Scripts(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Remembers what a command brings, and gives the arguments of EVAL for those of an EVALSHA whose script is known. */
    byte[][] evaluated(String name, byte[][] args) {
        switch (name) {
            case "EVAL" -> {
                if (args.length > 0) {
                    add(args[0]);
                }
            }
            case "SCRIPT" -> {
                if (args.length == 2 && text(args[0]).equalsIgnoreCase("LOAD")) {
                    add(args[1]);
                }
            }
            case "EVALSHA" -> {
                byte[] body =
                        args.length == 0 ? null : byDigest.get(text(args[0]).toLowerCase(Locale.ROOT));
                if (body != null) {
                    byte[][] evaluated = args.clone();
                    evaluated[0] = body;
                    return evaluated;
                }
            }
            default -> {
                // concerns no script
            }
        }
        return null;
    }

    private void add(byte[] body) {
        String digest = digest(body);
        if (byDigest.get(digest) == null && body.length <= mostBytes) {
            restore(digest, body);
            added.add(digest);
            dropped.remove(digest);
        }
    }

    /** Takes back what was known before. */
    public void restore(String digest, byte[] body) {
        byte[] before = byDigest.put(digest, body);
        bytes += body.length - (before == null ? 0 : before.length);
        for (Iterator<Map.Entry<String, byte[]>> oldest = byDigest.entrySet().iterator(); bytes > mostBytes; ) {
            Map.Entry<String, byte[]> gone = oldest.next();
            bytes -= gone.getValue().length;
            if (!added.remove(gone.getKey())) {
                dropped.add(gone.getKey());
            }
            oldest.remove();
        }
    }

    /** Whether something was added or dropped since {@link #noted}. */
    public boolean isChanged() {
        return !added.isEmpty() || !dropped.isEmpty();
    }

    /** Digest, script, digest, script …: those that were added. */
    public List<byte[]> additions() {
        List<byte[]> pairs = new ArrayList<>(2 * added.size());
        byDigest.forEach((digest, body) -> {
            if (added.contains(digest)) {
                pairs.add(ascii(digest));
                pairs.add(body);
            }
        });
        return pairs;
    }

    /** The digests of those that were dropped. */
    public List<byte[]> drops() {
        return dropped.stream().map(Scripts::ascii).toList();
    }

    /** What {@link #additions} and {@link #drops} gave is noted. */
    public void noted() {
        added.clear();
        dropped.clear();
    }

    /** The notes are gone: everything counts as added. */
    public void forgotten() {
        added.addAll(byDigest.keySet());
        dropped.clear();
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static String text(byte[] arg) {
        return new String(arg, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
