package io.millrace.plugin;

/** The version of a plugin, from the manifest of its jar. */
public final class PluginVersion {

    private PluginVersion() {}

    /** @param plugin a class of the plugin's own jar */
    public static String of(Class<?> plugin) {
        String version = plugin.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
