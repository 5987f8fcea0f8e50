package io.millrace.credentials;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The providers beside this class: those of Millrace, and those of other jars of the same plugin. */
public final class CredentialProviders {

    private static final List<CredentialProvider> ALL = load();

    private CredentialProviders() {}

    public static List<CredentialProvider> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException when there is none of this name */
    public static CredentialProvider named(String name) {
        return ALL.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no credential provider '" + name + "'."));
    }

    /** The providers that a class loader has beside those of its parents. */
    public static List<CredentialProvider> of(ClassLoader loader) {
        return ServiceLoader.load(CredentialProvider.class, loader).stream()
                .filter(provider -> provider.type().getClassLoader() == loader)
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** By the loader of this class, which is the plugin's: the thread's own may be the worker's, which has no providers. */
    private static List<CredentialProvider> load() {
        List<CredentialProvider> providers = new ArrayList<>();
        ServiceLoader.load(CredentialProvider.class, CredentialProvider.class.getClassLoader())
                .forEach(providers::add);
        return List.copyOf(providers);
    }
}
