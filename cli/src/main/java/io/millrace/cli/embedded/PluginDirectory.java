package io.millrace.cli.embedded;

import io.millrace.cli.Failure;
import io.millrace.cli.Version;
import io.millrace.cli.credentials.AddOn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The plugin path of the embedded worker. What it loads are the very plugin zips that are deployed to a Connect cluster:
 * they ride in the executable jar and are unpacked here, again whenever they have changed.
 */
final class PluginDirectory {
    private static final List<String> PLUGINS = List.of("source-connector", "sink-connector", "avro-converter");
    private static final List<String> CONNECTORS = List.of("source-connector", "sink-connector");
    private static final String STAMP = "unpacked-from";

    private PluginDirectory() {}

    /**
     * Brings the directory up to date and returns it.
     *
     * @param addOns whose jars the connectors find beside their own; those of an earlier run are taken away
     */
    static Path unpackInto(Path directory, List<AddOn> addOns) {
        try {
            Files.createDirectories(directory);
            for (String plugin : PLUGINS) {
                String zip = plugin + "-" + Version.current() + "-plugin.zip";
                try (InputStream in = PluginDirectory.class.getResourceAsStream("/plugins/" + zip)) {
                    if (in == null) {
                        throw new Failure("This build has no " + zip + " inside; build it again with"
                                + " 'mvn -DskipTests -pl cli -am package' and run the same command.");
                    }
                    unpack(in.readAllBytes(), zip, directory.resolve(plugin));
                }
            }
            for (String connector : CONNECTORS) {
                add(addOns, directory.resolve(connector).resolve("addons"));
            }
            return directory;
        } catch (IOException e) {
            throw new Failure("The plugins cannot be unpacked into " + directory + " ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage()
                    + "); free some space there, or name another place with --data-dir.");
        }
    }

    private static void add(List<AddOn> addOns, Path target) throws IOException {
        delete(target);
        for (int i = 0; i < addOns.size(); i++) {
            Path place = Files.createDirectories(target.resolve(String.valueOf(i)));
            for (Path jar : addOns.get(i).jars()) {
                Files.copy(jar, place.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    static void unpack(byte[] zip, String name, Path target) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(zip);
        String stamp = name + " " + zip.length + " " + Long.toHexString(crc.getValue());
        Path stampFile = target.resolve(STAMP);
        if (Files.exists(stampFile) && Files.readString(stampFile).equals(stamp)) {
            return;
        }
        delete(target);
        Files.createDirectories(target);
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the archive " + name + " has the entry " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                }
            }
        }
        // Last, so that an unpacking that was cut short is done again.
        Files.writeString(stampFile, stamp);
    }

    private static void delete(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> files = Files.walk(target)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
