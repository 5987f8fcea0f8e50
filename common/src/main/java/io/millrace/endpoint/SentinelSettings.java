package io.millrace.endpoint;

import java.util.Objects;

/**
 * What sentinels are asked, and how one logs in to them.
 *
 * @param master the name of the master, as {@code sentinel monitor} has it
 * @param credentials of the sentinels themselves, which know nothing of the servers' users
 */
public record SentinelSettings(String master, Credentials credentials) {

    public SentinelSettings {
        Objects.requireNonNull(credentials, "credentials");
        if (master.isEmpty()) {
            throw new InvalidEndpointException(
                    "The master has no name: give it as the sentinels' configuration does, for example mymaster.");
        }
    }
}
