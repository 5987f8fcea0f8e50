package io.millrace.sink.apply;

import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides a window into runs.
 *
 * <p>On a cluster, units that share a key are one run. On a standalone server a window in which no key comes twice is as many
 * runs as units, and any other is one run, one transaction, for each database: there the source's order stays whole.
 */
final class RunBuilder {

    private final boolean cluster;
    private final KeyTable table = new KeyTable();

    RunBuilder(boolean cluster) {
        this.cluster = cluster;
    }

    /** @param window without barriers */
    List<Run> build(List<Unit> window) {
        table.clear();
        List<RunDraft> drafts = new ArrayList<>(window.size());
        boolean shared = false;
        for (Unit unit : window) {
            RunDraft draft = null;
            for (long key : unit.keys()) {
                RunDraft found = table.get(key);
                if (found == null) {
                    continue;
                }
                RunDraft root = found.root();
                shared |= !root.units().isEmpty();
                if (draft == null) {
                    draft = root;
                } else if (draft != root) {
                    draft.merge(root);
                }
            }
            if (draft == null) {
                draft = new RunDraft();
                drafts.add(draft);
            }
            draft.add(unit);
            for (long key : unit.keys()) {
                table.put(key, draft);
            }
        }
        return shared && !cluster ? byDatabase(window) : runs(drafts);
    }

    private static List<Run> runs(List<RunDraft> drafts) {
        List<Run> runs = new ArrayList<>(drafts.size());
        for (RunDraft draft : drafts) {
            if (!draft.isMerged()) {
                runs.add(new Run(draft.units(), null));
            }
        }
        return runs;
    }

    private static List<Run> byDatabase(List<Unit> window) {
        Map<Integer, List<Unit>> databases = new LinkedHashMap<>();
        for (Unit unit : window) {
            databases.computeIfAbsent(unit.db(), db -> new ArrayList<>()).add(unit);
        }
        List<Run> runs = new ArrayList<>(databases.size());
        databases.values().forEach(units -> runs.add(new Run(units, null)));
        return runs;
    }
}
