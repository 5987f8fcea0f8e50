package io.millrace.credentials;

/**
 * An option of a provider; its property is {@code redis.credentials.<provider>.<name>}, a text.
 *
 * @param secret whether Connect must hide the value
 * @param documentation for the reference: one or more sentences
 */
public record ProviderOption(String name, boolean secret, String documentation) {

    public static ProviderOption text(String name, String documentation) {
        return new ProviderOption(name, false, documentation);
    }

    public static ProviderOption secret(String name, String documentation) {
        return new ProviderOption(name, true, documentation);
    }
}
