package io.millrace.config;

import io.millrace.client.NodeConnector;
import io.millrace.client.Sentinels;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.util.ArrayList;
import java.util.List;

/** Finds the option that is at fault when sentinels cannot be asked. */
final class SentinelCheck {

    private final RedisEndpoint endpoint;
    private final Sentinels sentinels;
    private final List<Finding> findings = new ArrayList<>();

    SentinelCheck(RedisEndpoint endpoint) {
        this.endpoint = endpoint;
        this.sentinels = new Sentinels(endpoint);
    }

    /** Where the master is; none when there are {@link #findings}. */
    List<Address> master() {
        try {
            return List.of(sentinels.master());
        } catch (RedisFailureException e) {
            findings.add(explain(e));
            return List.of();
        }
    }

    List<Finding> findings() {
        return findings;
    }

    private Finding explain(RedisFailureException failure) {
        String detail = failure.failure().detail();
        if (failure.kind() == Kind.SENTINEL && detail.contains("named")) {
            return new Finding(
                    "The sentinels know no master named '" + endpoint.sentinel().master() + "': correct "
                            + RedisSettings.SENTINEL_MASTER + ", or name other sentinels.",
                    RedisSettings.SENTINEL_MASTER,
                    RedisSettings.HOSTS);
        }
        if (failure.kind() == Kind.SENTINEL) {
            return new Finding(
                    RedisSettings.HOSTS + " is no sentinel and " + RedisSettings.TOPOLOGY
                            + " is sentinel: name the sentinels (port 26379 by default), or set "
                            + RedisSettings.TOPOLOGY + "=standalone.",
                    RedisSettings.HOSTS,
                    RedisSettings.TOPOLOGY);
        }
        if (failure.kind() == Kind.PERMISSION) {
            return new Finding(
                    "The sentinels do not let this user ask for the master (" + detail
                            + "): allow +sentinel|master and +sentinel|replicas.",
                    RedisSettings.SENTINEL_USER);
        }
        NodeConnector connector = sentinels.connector();
        for (Address address : endpoint.addresses()) {
            try {
                connector.open(address).close();
            } catch (RedisFailureException e) {
                return ofSentinel(FailedConnection.explain(connector.endpoint(), address, e));
            }
        }
        return new Finding(failure.getMessage(), RedisSettings.HOSTS);
    }

    /** The options of the servers' login have nothing to do with it. */
    private Finding ofSentinel(Finding finding) {
        String sentence = "No sentinel answers. "
                + finding.sentence()
                        .replace(RedisSettings.PASSWORD, RedisSettings.SENTINEL_PASSWORD)
                        .replace(RedisSettings.USER, RedisSettings.SENTINEL_USER);
        return new Finding(
                sentence,
                finding.keys().stream()
                        .map(key -> key.equals(RedisSettings.PASSWORD)
                                ? RedisSettings.SENTINEL_PASSWORD
                                : key.equals(RedisSettings.USER) ? RedisSettings.SENTINEL_USER : key)
                        .toList());
    }
}
