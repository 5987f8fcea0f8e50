package io.millrace.cli.credentials;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderOption;
import io.millrace.credentials.ProviderSettings;
import io.millrace.credentials.StaticProvider;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A credential provider with its options, for one side.
 *
 * @param provider its name
 * @param plain the options that are no secrets
 * @param secret the options that are
 * @param credentials what gives the login to this process
 * @param addOn what the provider comes from; empty for one of Millrace itself
 */
public record ProviderLogin(
        String provider,
        Map<String, String> plain,
        Map<String, Secret> secret,
        Credentials credentials,
        Optional<AddOn> addOn) {

    /**
     * @param side as its options are called
     * @param name the provider's, or null
     * @param given the options as they were written
     * @param user the user of the side; may be null
     * @return empty where no provider is named, and for the one that takes user and password as they are
     * @throws Failure that names the option at fault
     */
    public static Optional<ProviderLogin> of(
            String side, String name, Map<String, String> given, String user, Map<String, String> environment) {
        String option = "--" + side + "-credentials";
        if (name == null || name.equals(StaticProvider.NAME)) {
            if (!given.isEmpty()) {
                throw new Failure(
                        ExitStatus.USAGE,
                        option + "-option is given and no provider that takes it; name one with " + option + ".");
            }
            return Optional.empty();
        }
        AddOns.Found found = AddOns.of(environment).find(side, name);
        Map<String, String> plain = new LinkedHashMap<>();
        Map<String, Secret> secret = new LinkedHashMap<>();
        given.forEach((key, value) -> {
            ProviderOption declared = declared(option, found.provider(), key);
            if (declared.secret()) {
                secret.put(key, SecretValue.read(option + "-option " + key, value, environment));
            } else if (!value.isEmpty()) {
                plain.put(key, value);
            }
        });
        Map<String, Secret> all = new LinkedHashMap<>(secret);
        plain.forEach((key, value) -> all.put(key, Secret.of(value)));
        try {
            Credentials credentials =
                    found.provider().credentials(new ProviderSettings(user == null ? "" : user, Secret.none(), all));
            return Optional.of(new ProviderLogin(name, plain, secret, credentials, found.addOn()));
        } catch (InvalidProviderOptionException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    option + "-option " + e.option() + ": "
                            + e.getMessage().replace("redis.user", "--" + side + "-user"));
        }
    }

    private static ProviderOption declared(String option, CredentialProvider provider, String key) {
        return provider.options().stream()
                .filter(declared -> declared.name().equals(key))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitStatus.USAGE,
                        option + "-option: the provider " + provider.name() + " has no option " + key + "; it has "
                                + provider.options().stream()
                                        .map(ProviderOption::name)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
