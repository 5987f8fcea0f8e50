package io.millrace.source.cluster;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One partition of a topic, and what a reader makes of it who follows the rules of docs/cluster-sources.md. */
final class ModelLog {

    private record Claim(String shard, long epoch) {}

    private final List<String> lines = new ArrayList<>();
    private final Map<Integer, Claim> owners = new HashMap<>();
    private final Map<String, String> keys = new TreeMap<>();

    void add(Change change) {
        String shard = change.origin().shard();
        if (change instanceof Mark mark) {
            String epoch = mark.details().get("epoch");
            if (epoch != null) {
                mark.slots().stream().forEach(slot -> claim(mark, slot, new Claim(shard, Long.parseLong(epoch))));
            }
            lines.add(shard + " " + mark.offset() + " " + mark.kind() + " " + mark.slots() + " epoch " + epoch);
            return;
        }
        String key = text(change.key());
        Claim owner = owners.get(HashSlot.of(change.key()));
        boolean counts = owner == null || owner.shard().equals(shard);
        String what = "entry";
        String value = "";
        if (change instanceof SnapshotEntry entry) {
            value = text(entry.payload());
        } else {
            CommandChange command = (CommandChange) change;
            byte[][] args = command.command().args();
            what = command.command().name();
            value = args.length > 1 ? text(args[what.equals("RESTORE") ? 2 : 1]) : "";
        }
        lines.add(shard + " " + change.offset() + " " + what + " " + HashSlot.of(change.key()) + " " + key + " " + value
                + (counts ? "" : " FENCED"));
        if (counts) {
            switch (what) {
                case "DEL" -> keys.remove(key);
                case "APPEND" -> keys.merge(key, value, String::concat);
                default -> keys.put(key, value);
            }
        }
    }

    private void claim(Mark mark, int slot, Claim claim) {
        Claim before = owners.get(slot);
        if (before == null || claim.epoch() >= before.epoch()) {
            owners.put(slot, claim);
            if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
                keys.keySet().removeIf(key -> HashSlot.of(key.getBytes(StandardCharsets.UTF_8)) == slot);
            }
        }
    }

    Map<String, String> keys() {
        return keys;
    }

    List<String> lines() {
        return lines;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
