package io.millrace.cli.precheck;

import io.millrace.client.ServerVersion;
import java.util.ArrayList;
import java.util.List;

/** What values of a source may have that cannot exist at a target. */
final class NewerFeatures {

    private NewerFeatures() {}

    static List<String> of(ServerVersion source, ServerVersion target) {
        List<String> lost = new ArrayList<>();
        add("expiries of hash fields", hasFieldExpiry(source), hasFieldExpiry(target), lost);
        add("vector sets", isRedis(source, 8, 0), isRedis(target, 8, 0), lost);
        if (isRedis(source, 8, 6) && isRedis(target, 8, 0) && !isRedis(target, 8, 6)) {
            lost.add("vector sets of the snapshot");
        }
        add("functions", source.isAtLeast(7, 0), target.isAtLeast(7, 0), lost);
        add("idempotent producers of streams", isRedis(source, 8, 6), isRedis(target, 8, 6), lost);
        return lost;
    }

    private static void add(String feature, boolean atSource, boolean atTarget, List<String> lost) {
        if (atSource && !atTarget) {
            lost.add(feature);
        }
    }

    private static boolean hasFieldExpiry(ServerVersion version) {
        return version.valkey() ? version.isAtLeast(9, 0) : version.isAtLeast(7, 4);
    }

    private static boolean isRedis(ServerVersion version, int major, int minor) {
        return !version.valkey() && version.isAtLeast(major, minor);
    }
}
