package io.millrace.cli.precheck;

import io.millrace.cli.precheck.Servers.End;
import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.client.ServerInfo;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the target must be, and what it should be. */
final class TargetChecks {
    static final List<Precheck> ALL = List.of(
            TargetChecks::complete,
            TargetChecks::master,
            TargetChecks::distinct,
            TargetChecks::databases,
            TargetChecks::version,
            TargetChecks::eviction);

    private TargetChecks() {}

    static CheckResult complete(Servers servers) {
        End target = servers.target();
        ClusterLayout layout = target.layout();
        if (layout == null || layout.isComplete()) {
            return CheckResult.ok("target-complete", "The target " + target.side() + " serves every key");
        }
        return CheckResult.error(
                "target-complete",
                "The cluster at the target " + target.side() + " is down (" + layout + ")",
                "bring every slot back to a master that runs, as CLUSTER INFO shows, and try again");
    }

    static CheckResult master(Servers servers) {
        End target = servers.target();
        if (target.layout() != null || target.info().isMaster()) {
            return CheckResult.ok("target-master", "The target " + target.side() + " is a master");
        }
        return CheckResult.error(
                "target-master",
                "The target " + target.side() + " is a replica and takes no writes",
                "name its master with --target");
    }

    /** By run id, as one server has many names. */
    static CheckResult distinct(Servers servers) {
        Set<String> runIds = new HashSet<>();
        runIds.add(servers.target().info().runId());
        for (Node node : servers.target().masters()) {
            runIds.add(ServerInfo.of(node).runId());
        }
        Set<String> source = new HashSet<>();
        source.add(servers.source().info().runId());
        for (Node node : servers.source().masters()) {
            source.add(ServerInfo.of(node).runId());
        }
        source.remove("");
        if (Collections.disjoint(source, runIds)) {
            return CheckResult.ok("distinct", "Source and target are different servers");
        }
        return CheckResult.error(
                "distinct",
                "The source " + servers.source().side() + " and the target "
                        + servers.target().side() + " are the same server",
                "name another server with --target");
    }

    static CheckResult databases(Servers servers) {
        int highest = Keyspace.highestDatabase(servers.source().info());
        if (servers.target().layout() == null || highest <= 0) {
            return CheckResult.ok("target-databases", "The target has the databases that the source uses");
        }
        return CheckResult.error(
                "target-databases",
                "The source has keys in database " + highest + ", and the target "
                        + servers.target().side() + " is a cluster, which has database 0 only",
                "move those keys to database 0, or choose a standalone target");
    }

    static CheckResult version(Servers servers) {
        ServerInfo source = servers.source().info();
        ServerInfo target = servers.target().info();
        String evidence = "The source is " + source.version() + ", the target " + target.version();
        List<String> lost = NewerFeatures.of(source.version(), target.version());
        return lost.isEmpty()
                ? CheckResult.ok("target-version", evidence)
                : CheckResult.warning(
                        "target-version",
                        evidence + ", where these cannot exist: " + String.join(", ", lost),
                        "if the source uses them, say what becomes of them with unsupported.values of the sink (by default the"
                                + " migration stops and names the key), or choose a newer target");
    }

    static CheckResult eviction(Servers servers) {
        ServerInfo target = servers.target().info();
        boolean evicts = target.number("maxmemory", 0) > 0
                && !target.maxmemoryPolicy().isEmpty()
                && !target.maxmemoryPolicy().equals("noeviction");
        return evicts
                ? CheckResult.warning(
                        "target-eviction",
                        "The target may evict keys (maxmemory-policy " + target.maxmemoryPolicy() + ")",
                        "set it to noeviction for the time of the migration")
                : CheckResult.ok("target-eviction", "The target does not evict keys");
    }

    /** Not among {@link #ALL}: a migration that goes on has filled the target itself. */
    static CheckResult empty(Servers servers) {
        long keys = 0;
        for (Node node : servers.target().masters()) {
            keys += Keyspace.keys(ServerInfo.of(node));
        }
        String evidence = "The target " + servers.target().side() + " holds " + keys + (keys == 1 ? " key" : " keys");
        return keys == 0
                ? CheckResult.ok("target-empty", evidence)
                : CheckResult.error(
                        "target-empty",
                        evidence + " already",
                        "empty it, choose another target, or say --on-conflict overwrite to replace keys of the same"
                                + " name and leave the others, or --on-conflict skip to leave them all");
    }
}
