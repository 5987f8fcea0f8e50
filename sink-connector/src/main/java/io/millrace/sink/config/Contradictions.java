package io.millrace.sink.config;

import static io.millrace.sink.config.SinkConfig.BATCH_MAX_BYTES;
import static io.millrace.sink.config.SinkConfig.BUFFER_MAX_BYTES;
import static io.millrace.sink.config.SinkConfig.CONFLICT_POLICY;
import static io.millrace.sink.config.SinkConfig.DATABASE_MAP;
import static io.millrace.sink.config.SinkConfig.DELIVERY;
import static io.millrace.sink.config.SinkConfig.GHOSTS;

import io.millrace.config.Finding;
import io.millrace.config.RedisSettings;
import io.millrace.sink.plan.DatabaseMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Options that do not go together. */
final class Contradictions {

    private Contradictions() {}

    /**
     * What is wrong between options that are well by themselves.
     *
     * @param values parsed, by key
     * @param properties as they were given, with those of Connect itself
     */
    static List<Finding> between(Map<String, Object> values, Map<String, String> properties) {
        List<Finding> findings = new ArrayList<>();
        if ("remove".equals(values.get(GHOSTS))) {
            ghosts(values, properties, findings);
        }
        if ("fail".equals(values.get(CONFLICT_POLICY))
                && DeliverySemantics.parse((String) values.get(DELIVERY)) == DeliverySemantics.AT_LEAST_ONCE) {
            findings.add(new Finding(
                    CONFLICT_POLICY + "=fail refuses a key that is there, and " + DELIVERY
                            + "=at-least-once applies the end of the log again after a restart, where it finds the keys that it"
                            + " has just written: set " + DELIVERY + "=effectively-once, or " + CONFLICT_POLICY
                            + "=overwrite or skip.",
                    CONFLICT_POLICY,
                    DELIVERY));
        }
        if ("cluster".equals(values.get(RedisSettings.TOPOLOGY))) {
            DatabaseMap map = DatabaseMap.parse((String) values.get(DATABASE_MAP));
            map.pairs().values().stream()
                    .filter(db -> db != 0)
                    .findAny()
                    .ifPresent(db -> findings.add(new Finding(
                            DATABASE_MAP + " leads to database " + db
                                    + ", and a cluster has only database 0: map to 0, or use a"
                                    + " destination that is no cluster.",
                            DATABASE_MAP,
                            RedisSettings.TOPOLOGY)));
        }
        if ((Long) values.get(BATCH_MAX_BYTES) > (Long) values.get(BUFFER_MAX_BYTES)) {
            findings.add(new Finding(
                    BATCH_MAX_BYTES + " is greater than " + BUFFER_MAX_BYTES
                            + ", so that no batch would ever be full: lower the" + " one or raise the other.",
                    BATCH_MAX_BYTES,
                    BUFFER_MAX_BYTES));
        }
        return findings;
    }

    private static void ghosts(Map<String, Object> values, Map<String, String> properties, List<Finding> findings) {
        if (!"overwrite".equals(values.get(CONFLICT_POLICY))) {
            findings.add(new Finding(
                    GHOSTS + "=remove makes the destination hold what the source holds and nothing else, while "
                            + CONFLICT_POLICY + "=" + values.get(CONFLICT_POLICY)
                            + " leaves keys of others in their place: set " + GHOSTS + "=keep or report, or "
                            + CONFLICT_POLICY + "=overwrite.",
                    GHOSTS,
                    CONFLICT_POLICY));
        }
        if (properties.getOrDefault("topics", "").contains(",") || properties.containsKey("topics.regex")) {
            findings.add(new Finding(
                    GHOSTS
                            + "=remove is for the one topic of one source; of several, nobody can tell which of them a key"
                            + " belongs to: set " + GHOSTS
                            + "=keep or report, or give each topic a sink and databases of its own.",
                    GHOSTS));
        }
    }
}
