package io.millrace.credentials;

import io.millrace.endpoint.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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

    /**
     * The value of an option that must be set.
     *
     * @param sentence what to say where it is not
     */
    public String required(String option, String sentence) {
        return option(option).orElseThrow(() -> new InvalidProviderOptionException(option, sentence));
    }

    /** An option that is a path, if it is set. */
    public Optional<Path> path(String option) {
        try {
            return option(option).map(Path::of);
        } catch (InvalidPathException e) {
            throw new InvalidProviderOptionException(option, "this is no path of a file.");
        }
    }

    /** An option that is the URL of a service, if it is set. */
    public Optional<URI> url(String option) {
        return option(option).map(text -> url(option, text));
    }

    private static URI url(String option, String text) {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw noUrl(option);
        }
        throw noUrl(option);
    }

    private static InvalidProviderOptionException noUrl(String option) {
        return new InvalidProviderOptionException(option, "this is no URL: write https://host.");
    }

    /** Two options of which neither is of use without the other. */
    public void requireBothOrNeither(String one, String other, String sentence) {
        if (option(one).isPresent() != option(other).isPresent()) {
            throw new InvalidProviderOptionException(one, sentence);
        }
    }

    /** The value of an option, if it is set. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name)).map(value -> new String(value.reveal(), StandardCharsets.UTF_8));
    }
}
