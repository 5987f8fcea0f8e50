package io.millrace.it.worker;

import io.millrace.it.plugin.AddonZip;
import io.millrace.it.plugin.PluginZip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A worker's {@code plugin.path}: our zips as their users unpack them, the connectors with all add-ons, and Confluent's converter in a directory of its own. */
public final class PluginPath {

    private PluginPath() {}

    public static Path in(Path directory) {
        for (PluginZip zip : PluginZip.values()) {
            Path unpacked = zip.unpackInto(directory);
            for (AddonZip addon : zip == PluginZip.CONVERTER ? new AddonZip[0] : AddonZip.values()) {
                addon.unpackInto(unpacked);
            }
        }
        confluentConverter(directory);
        return directory;
    }

    /** The jars that our converter brings, without those that are ours: Confluent's classes and what they need. */
    private static void confluentConverter(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            Path plugin = Files.createDirectories(directory.resolve("confluent-avro-converter"));
            for (Path jar : files.filter(PluginPath::isOfConvertersPlugin).toList()) {
                String name = jar.getFileName().toString();
                if (!name.startsWith("avro-converter-") && !name.startsWith("events-")) {
                    Files.copy(jar, plugin.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOfConvertersPlugin(Path file) {
        return file.toString().endsWith(".jar") && file.toString().contains("millrace-avro-converter");
    }
}
