package io.millrace.credentials;

import io.millrace.endpoint.Credentials;
import java.util.List;

/**
 * A way to come by a login, chosen with {@code redis.credentials.provider}. Found by {@link java.util.ServiceLoader}: a jar
 * beside the connector's that names its class in {@code META-INF/services/io.millrace.credentials.CredentialProvider} adds
 * one, with its options, to both connectors.
 */
public interface CredentialProvider {

    /** The value of {@code redis.credentials.provider}: lower-case letters, digits and hyphens. */
    String name();

    /** The options of this provider, in the order of the reference. */
    List<ProviderOption> options();

    /**
     * The credentials that the options describe. Nothing is read or connected to yet.
     *
     * @throws InvalidProviderOptionException naming the option that is missing or wrong
     */
    Credentials credentials(ProviderSettings settings);
}
