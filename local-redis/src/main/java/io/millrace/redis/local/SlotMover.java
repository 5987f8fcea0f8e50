package io.millrace.redis.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Moves hash slots between the nodes of a cluster with the cluster's own means. Blocking. */
public final class SlotMover {
    private static final long PATIENCE_SECONDS = 300;
    private static final long POLL_MILLIS = 20;
    private static final int AGREED_LOOKS = 10;

    /** What the tool says, before it moves anything, while news of a change before has not got around. */
    private static final String NOT_SETTLED = "Nodes don't agree about configuration";

    private SlotMover() {}

    /** {@code redis-cli --cluster reshard}: key by key. The node's version must have its command-line tool. */
    public static void reshard(LocalServer from, LocalServer to, int slots) throws IOException, InterruptedException {
        Path cli = from.version()
                .tool(from.version().isValkey() ? "valkey-cli" : "redis-cli")
                .orElseThrow();
        List<String> command = new ArrayList<>(List.of(cli.toString(), "--cluster", "reshard"));
        command.add(LocalServer.HOST + ":" + from.port());
        command.addAll(List.of("--cluster-from", id(from), "--cluster-to", id(to)));
        command.addAll(List.of("--cluster-slots", Integer.toString(slots), "--cluster-yes"));
        Path log = from.directory().resolve("reshard.log");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!run(command, log)) {
            List<String> lines = Files.readAllLines(log);
            if (System.nanoTime() > deadline || lines.stream().noneMatch(line -> line.contains(NOT_SETTLED))) {
                throw new LocalServerException("The resharding did not end well:\n"
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
            }
            Thread.sleep(10 * POLL_MILLIS);
        }
    }

    /**
     * Moves as many slots from each of two nodes to the other, key by key and one in turn, by the commands that the tool
     * would use: the tool itself refuses while another move is on.
     *
     * @param masters all of the cluster: each is told, since what gets around by itself may be refused
     */
    public static void exchange(LocalServer one, LocalServer other, int slots, List<LocalServer> masters)
            throws IOException, InterruptedException {
        List<Integer> ofOne = served(one, slots);
        List<Integer> ofOther = served(other, slots);
        for (int i = 0; i < slots; i++) {
            int out = ofOne.get(i);
            int back = ofOther.get(i);
            begin(one, other, out);
            begin(other, one, back);
            keys(one, other, out);
            keys(other, one, back);
            end(one, other, out, masters);
            end(other, one, back, masters);
        }
    }

    private static List<Integer> served(LocalServer node, int count) {
        List<Integer> slots = new ArrayList<>();
        for (Object range : (List<?>) node.command("CLUSTER", "SLOTS")) {
            List<?> parts = (List<?>) range;
            if (((List<?>) parts.get(2)).get(1).equals((long) node.port())) {
                for (long slot = (Long) parts.get(0); slot <= (Long) parts.get(1) && slots.size() < count; slot++) {
                    slots.add((int) slot);
                }
            }
        }
        return slots;
    }

    private static void begin(LocalServer from, LocalServer to, int slot) {
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    }

    private static void keys(LocalServer from, LocalServer to, int slot) throws IOException {
        while (true) {
            List<?> keys = (List<?>) from.command("CLUSTER", "GETKEYSINSLOT", slot, 10);
            if (keys.isEmpty()) {
                return;
            }
            List<Object> command =
                    new ArrayList<>(List.of("MIGRATE", LocalServer.HOST, to.port(), "", 0, 5000, "KEYS"));
            command.addAll(keys);
            from.command(command.toArray());
        }
    }

    /** Returns when all masters have gone on saying so: what one had sent before may take it back once more. */
    private static void end(LocalServer from, LocalServer to, int slot, List<LocalServer> masters)
            throws InterruptedException {
        String id = id(to);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        to.command("CLUSTER", "SETSLOT", slot, "NODE", id);
        from.command("CLUSTER", "SETSLOT", slot, "NODE", id);
        for (int agreed = 0; agreed < AGREED_LOOKS; agreed++) {
            for (LocalServer master : masters) {
                if (owner(master, slot) != to.port()) {
                    master.command("CLUSTER", "SETSLOT", slot, "NODE", id);
                    agreed = 0;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new LocalServerException("The masters do not agree on who has slot " + slot);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The port of the master that has the slot by a node's word; -1 for none. */
    private static long owner(LocalServer node, int slot) {
        for (Object range : (List<?>) node.command("CLUSTER", "SLOTS")) {
            List<?> parts = (List<?>) range;
            if (slot >= (Long) parts.get(0) && slot <= (Long) parts.get(1)) {
                return (Long) ((List<?>) parts.get(2)).get(1);
            }
        }
        return -1;
    }

    private static boolean run(List<String> command, Path log) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The migration of Valkey 9 and Redis 8.4, which moves whole slots at once. FLUSHALL ends it, and it is begun again. */
    public static void migrate(LocalServer from, LocalServer to, int first, int last) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean valkey = from.version().isValkey();
        String task = begin(from, to, first, last);
        while (System.nanoTime() < deadline) {
            List<?> tasks = (List<?>)
                    (valkey
                            ? from.command("CLUSTER", "GETSLOTMIGRATIONS")
                            : to.command("CLUSTER", "MIGRATION", "STATUS", "ID", task));
            String state = fields((List<?>) tasks.get(0)).get("state");
            if (state.equals("success") || state.equals("completed")) {
                return;
            }
            // After a failure Redis tries again by itself.
            if (state.equals("canceled") || (valkey && (state.equals("failed") || state.equals("cancelled")))) {
                task = begin(from, to, first, last);
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new LocalServerException("The slots " + first + "-" + last + " were not migrated");
    }

    /** Its id, where the server gives one. */
    private static String begin(LocalServer from, LocalServer to, int first, int last) {
        if (from.version().isValkey()) {
            from.command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", first, last, "NODE", id(to));
            return "";
        }
        return text(to.command("CLUSTER", "MIGRATION", "IMPORT", first, last));
    }

    /** A node's id in its cluster. */
    public static String id(LocalServer node) {
        return text(node.command("CLUSTER", "MYID"));
    }

    private static Map<String, String> fields(List<?> reply) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            fields.put(text(reply.get(i)), text(reply.get(i + 1)));
        }
        return fields;
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }
}
