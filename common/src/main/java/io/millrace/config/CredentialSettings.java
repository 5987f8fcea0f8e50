package io.millrace.config;

import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.CredentialProviders;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderOption;
import io.millrace.credentials.ProviderSettings;
import io.millrace.credentials.StaticProvider;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.types.Password;

/** The options under {@code redis.credentials.}: which provider gives the login, and the options of each provider. */
public final class CredentialSettings {

    private static final String PREFIX = "redis.credentials.";

    public static final String PROVIDER = PREFIX + "provider";

    private CredentialSettings() {}

    /** The property of a provider's option. */
    public static String key(String provider, String option) {
        return PREFIX + provider + "." + option;
    }

    /** Every key, in the order of the reference. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of(PROVIDER));
        for (CredentialProvider provider : CredentialProviders.all()) {
            provider.options().forEach(option -> keys.add(key(provider.name(), option.name())));
        }
        return keys;
    }

    /** @return the order of the last option */
    static int addTo(ConfigDef def, String group, int orderSoFar) {
        int order = orderSoFar;
        String[] names =
                CredentialProviders.all().stream().map(CredentialProvider::name).toArray(String[]::new);
        def.define(
                PROVIDER,
                Type.STRING,
                StaticProvider.NAME,
                ConfigDef.ValidString.in(names),
                Importance.MEDIUM,
                "Where the login comes from. It is asked for at every new connection, so that a login that was changed"
                        + " takes effect without a restart. static: redis.user and redis.password. Other jars beside"
                        + " the connector's may bring more.",
                group,
                ++order,
                Width.SHORT,
                "Credential provider");
        for (CredentialProvider provider : CredentialProviders.all()) {
            for (ProviderOption option : provider.options()) {
                def.define(
                        key(provider.name(), option.name()),
                        option.secret() ? Type.PASSWORD : Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "With redis.credentials.provider=" + provider.name() + ". " + option.documentation(),
                        group,
                        ++order,
                        Width.LONG,
                        "Credentials: " + provider.name() + " " + option.name());
            }
        }
        return order;
    }

    /** Options that are fine by themselves and not together. */
    static List<Finding> contradictions(Map<String, ?> values) {
        List<Finding> findings = new ArrayList<>();
        CredentialProvider chosen = chosen(values);
        if (!chosen.name().equals(StaticProvider.NAME)
                && !value(values, RedisSettings.PASSWORD).isEmpty()) {
            findings.add(new Finding(
                    RedisSettings.PASSWORD + " is set and " + PROVIDER + "=" + chosen.name()
                            + " takes the password from elsewhere: remove one of the two.",
                    RedisSettings.PASSWORD,
                    PROVIDER));
        }
        for (CredentialProvider other : CredentialProviders.all()) {
            for (ProviderOption option : other == chosen ? List.<ProviderOption>of() : other.options()) {
                String key = key(other.name(), option.name());
                if (!value(values, key).isEmpty()) {
                    findings.add(new Finding(
                            key + " is set and " + PROVIDER + " is " + chosen.name() + ": set " + PROVIDER + "="
                                    + other.name() + ", or remove the option.",
                            key,
                            PROVIDER));
                }
            }
        }
        if (findings.isEmpty()) {
            try {
                credentials(values);
            } catch (InvalidProviderOptionException e) {
                String key = key(chosen.name(), e.option());
                findings.add(new Finding(key + ": " + e.getMessage(), key, PROVIDER));
            }
        }
        return findings;
    }

    /** @throws InvalidProviderOptionException when an option of the provider is missing or wrong */
    static Credentials credentials(Map<String, ?> values) {
        CredentialProvider chosen = chosen(values);
        Map<String, Secret> options = new HashMap<>();
        for (ProviderOption option : chosen.options()) {
            Secret value = value(values, key(chosen.name(), option.name()));
            if (!value.isEmpty()) {
                options.put(option.name(), value);
            }
        }
        return chosen.credentials(new ProviderSettings(
                RedisSettings.text(values, RedisSettings.USER), value(values, RedisSettings.PASSWORD), options));
    }

    private static CredentialProvider chosen(Map<String, ?> values) {
        return CredentialProviders.named(RedisSettings.text(values, PROVIDER));
    }

    private static Secret value(Map<String, ?> values, String key) {
        Object value = values.get(key);
        return Secret.of(value instanceof Password hidden ? hidden.value() : (String) value);
    }
}
