package io.millrace.verify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Streams: entries, the ids that XADD continues from, groups, consumers and pending entries. What only newer servers report
 * (7.0: entries-added, max-deleted-entry-id, entries-read) is compared where both do. When an entry was delivered, and when
 * a consumer was seen, is not compared.
 */
final class StreamComparison {
    private static final byte[] COUNT = Bytes.ascii("COUNT");
    private static final byte[] LAST = Bytes.ascii("+");
    private static final byte[] FIRST = Bytes.ascii("-");
    private static final int PENDING_WINDOW = 1000;
    private static final String[] STREAM_FIELDS = {"last-generated-id", "max-deleted-entry-id", "entries-added"};
    private static final String[] GROUP_FIELDS = {"last-delivered-id", "pending", "entries-read"};

    private final Pair pair;
    private final Windows windows;

    StreamComparison(Pair pair) {
        this.pair = pair;
        this.windows = new Windows(pair);
    }

    Optional<Mismatch> compare(byte[] key) {
        Pair.Replies lengths = pair.ask(Command.XLEN, key);
        if (!lengths.same()) {
            return Mismatch.sizes(lengths, "stream of ", " entries");
        }
        return entries(key, lengths.sourceNumber())
                .or(() -> fields("stream", info("STREAM", key), STREAM_FIELDS))
                .or(() -> groups(key));
    }

    private Optional<Mismatch> entries(byte[] key, long length) {
        byte[] count = Bytes.ascii(windows.elements(key, length));
        byte[] from = FIRST;
        while (true) {
            Pair.Replies window = pair.ask(Command.XRANGE, key, from, LAST, COUNT, count);
            List<?> source = (List<?>) window.source();
            if (!window.same()) {
                return firstOf(source, (List<?>) window.target());
            }
            if (source.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> next = after((byte[]) ((List<?>) source.get(source.size() - 1)).get(0));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            from = next.get();
        }
    }

    private static Optional<Mismatch> firstOf(List<?> source, List<?> target) {
        int at = 0;
        while (at < Math.min(source.size(), target.size()) && Bytes.same(source.get(at), target.get(at))) {
            at++;
        }
        return Mismatch.value(entry(source, at), entry(target, at));
    }

    private static String entry(List<?> window, int at) {
        if (at >= window.size()) {
            return "stream that ends earlier";
        }
        List<?> entry = (List<?>) window.get(at);
        List<?> fields = (List<?>) entry.get(1);
        return "stream with entry " + Printable.text((byte[]) entry.get(0)) + " of " + fields.size() / 2
                + " fields, the first " + Printable.excerpt((byte[]) fields.get(0)) + " = "
                + Printable.excerpt((byte[]) fields.get(1));
    }

    private Optional<Mismatch> groups(byte[] key) {
        Pair.Replies groups = info("GROUPS", key);
        Map<String, Map<String, Object>> source = byName((List<?>) groups.source());
        Map<String, Map<String, Object>> target = byName((List<?>) groups.target());
        if (!source.keySet().equals(target.keySet())) {
            return Mismatch.value("stream with groups " + names(source), "stream with groups " + names(target));
        }
        for (Map.Entry<String, Map<String, Object>> group : source.entrySet()) {
            String name = group.getKey();
            byte[] raw = (byte[]) group.getValue().get("name");
            Optional<Mismatch> mismatch = fields(
                            "group " + Printable.of(raw), group.getValue(), target.get(name), GROUP_FIELDS)
                    .or(() -> consumers(key, raw))
                    .or(() -> pending(key, raw));
            if (mismatch.isPresent()) {
                return mismatch;
            }
        }
        return Optional.empty();
    }

    private Optional<Mismatch> consumers(byte[] key, byte[] group) {
        Pair.Replies consumers = info("CONSUMERS", key, group);
        Map<String, Map<String, Object>> source = byName((List<?>) consumers.source());
        Map<String, Map<String, Object>> target = byName((List<?>) consumers.target());
        String title = "group " + Printable.of(group) + " with consumers ";
        if (!source.keySet().equals(target.keySet())) {
            return Mismatch.value(title + names(source), title + names(target));
        }
        for (Map.Entry<String, Map<String, Object>> consumer : source.entrySet()) {
            Optional<Mismatch> mismatch = fields(
                    "consumer " + Printable.of((byte[]) consumer.getValue().get("name")),
                    consumer.getValue(),
                    target.get(consumer.getKey()),
                    "pending");
            if (mismatch.isPresent()) {
                return mismatch;
            }
        }
        return Optional.empty();
    }

    private Optional<Mismatch> pending(byte[] key, byte[] group) {
        byte[] from = FIRST;
        while (true) {
            Pair.Replies window = pair.ask(Command.XPENDING, key, group, from, LAST, Bytes.ascii(PENDING_WINDOW));
            List<?> source = (List<?>) window.source();
            List<?> target = (List<?>) window.target();
            for (int i = 0; i < Math.max(source.size(), target.size()); i++) {
                String left = i < source.size() ? pendingEntry(source.get(i)) : "no further pending entry";
                String right = i < target.size() ? pendingEntry(target.get(i)) : "no further pending entry";
                if (!left.equals(right)) {
                    String title = "group " + Printable.of(group) + " with ";
                    return Mismatch.value(title + left, title + right);
                }
            }
            if (source.size() < PENDING_WINDOW) {
                return Optional.empty();
            }
            Optional<byte[]> next = after((byte[]) ((List<?>) source.get(source.size() - 1)).get(0));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            from = next.get();
        }
    }

    // Id, consumer, idle time, deliveries.
    private static String pendingEntry(Object reply) {
        List<?> entry = (List<?>) reply;
        return "entry " + Printable.text((byte[]) entry.get(0)) + " pending at " + Printable.of((byte[]) entry.get(1))
                + " after " + entry.get(3) + " deliveries";
    }

    private Pair.Replies info(String what, byte[] key, byte[]... more) {
        return pair.ask(Command.XINFO, new byte[][] {Bytes.ascii(what)}, key, more);
    }

    private static Optional<Mismatch> fields(String title, Pair.Replies replies, String... names) {
        return fields(title, map((List<?>) replies.source()), map((List<?>) replies.target()), names);
    }

    private static Optional<Mismatch> fields(
            String title, Map<String, Object> source, Map<String, Object> target, String... names) {
        for (String name : names) {
            Object left = source.get(name);
            Object right = target.get(name);
            // Not reported, or, for entries-read, not known to the server.
            if (left != null && right != null && !Bytes.same(left, right)) {
                String start = title + " with " + name + " ";
                return Mismatch.value(start + text(left), start + text(right));
            }
        }
        return Optional.empty();
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? Printable.text(bytes) : value.toString();
    }

    private static Map<String, Map<String, Object>> byName(List<?> replies) {
        Map<String, Map<String, Object>> byName = new HashMap<>();
        for (Object reply : replies) {
            Map<String, Object> fields = map((List<?>) reply);
            byName.put(Printable.text((byte[]) fields.get("name")), fields);
        }
        return byName;
    }

    private static Map<String, Object> map(List<?> flat) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            map.put(Printable.text((byte[]) flat.get(i)), flat.get(i + 1));
        }
        return map;
    }

    private static String names(Map<String, Map<String, Object>> byName) {
        TreeSet<String> names = new TreeSet<>();
        byName.values().forEach(fields -> names.add(Printable.of((byte[]) fields.get("name"))));
        return names.toString();
    }

    /** The smallest id after this one, empty after the last of all. Written out because "(" is new in 6.2. */
    private static Optional<byte[]> after(byte[] id) {
        String text = Printable.text(id);
        int dash = text.indexOf('-');
        long millis = Long.parseUnsignedLong(text.substring(0, dash));
        long sequence = Long.parseUnsignedLong(text.substring(dash + 1)) + 1;
        if (sequence == 0 && ++millis == 0) {
            return Optional.empty();
        }
        return Optional.of(Bytes.ascii(Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence)));
    }
}
