package io.millrace.credentials;

import io.millrace.endpoint.Secret;
import java.util.Map;
import java.util.Optional;

/**
 * What a provider is configured with.
 *
 * @param user the value of {@code redis.user}, which a provider takes when it knows none itself; may be empty
 * @param password the value of {@code redis.password}; empty for every provider but {@code static}
 * @param options the values of the provider's own options by their name; those that are not set are absent
 */
public record ProviderSettings(String user, Secret password, Map<String, Secret> options) {

    public ProviderSettings {
        options = Map.copyOf(options);
    }

    /** The value of an option, if it is set. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name))
                .map(value -> new String(value.reveal(), java.nio.charset.StandardCharsets.UTF_8));
    }
}
