package io.millrace.it.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The plugin zips that the reactor has packed. */
public enum PluginZip {
    SOURCE("source-connector", "org.apache.kafka.connect.source.SourceConnector", "source"),
    SINK("sink-connector", "org.apache.kafka.connect.sink.SinkConnector", "sink"),
    CONVERTER("avro-converter", "org.apache.kafka.connect.storage.Converter", "converter");

    private final PackagedZip zip;
    private final String service;
    private final String componentType;

    PluginZip(String module, String service, String componentType) {
        this.zip = new PackagedZip(module, "-plugin.zip");
        this.service = service;
        this.componentType = componentType;
    }

    /** The interface by which Connect finds the plugin. */
    String service() {
        return service;
    }

    String componentType() {
        return componentType;
    }

    /** The file, if this build has got as far as packaging. */
    Optional<Path> file() {
        return zip.file();
    }

    String missingMessage() {
        return zip.missingMessage();
    }

    /** The version of the build, as it stands in file names. */
    String version() {
        return zip.version();
    }

    /** Every file in the zip, sorted, with {@code VERSION} in the place of the build's version. */
    List<String> entries() {
        return zip.entries();
    }

    String text(String name) {
        return zip.text(name);
    }

    /** Unpacks it below the directory, as its user would; the directory that is in it. */
    public Path unpackInto(Path directory) {
        return zip.unpackInto(directory);
    }
}
