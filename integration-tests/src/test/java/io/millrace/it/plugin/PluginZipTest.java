package io.millrace.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.kafka.connect.components.Versioned;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pins what is shipped: a jar more or less, or in another version, fails here until the list is changed on purpose. */
class PluginZipTest {

    @ParameterizedTest
    @EnumSource
    void holdsExactlyTheListedFiles(PluginZip zip) throws IOException {
        assumeTrue(zip.file().isPresent(), zip::missingMessage);
        assertThat(String.join("\n", zip.entries())).isEqualTo(String.join("\n", listed(zip)));
    }

    @ParameterizedTest
    @EnumSource
    void leavesToTheWorkerWhatIsTheWorkers(PluginZip zip) {
        assumeTrue(zip.file().isPresent(), zip::missingMessage);
        assertThat(zip.entries())
                .noneMatch(entry -> entry.matches(".*/(kafka|connect|slf4j|log4j|logback)[^/]*\\.jar"));
        if (zip != PluginZip.CONVERTER) {
            assertThat(zip.entries()).noneMatch(entry -> entry.matches(".*/avro[^/]*\\.jar"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void describesItself(PluginZip zip) throws IOException {
        assumeTrue(zip.file().isPresent(), zip::missingMessage);
        JsonNode manifest = new ObjectMapper().readTree(zip.text("manifest.json"));
        assertThat(manifest.path("name").asText()).startsWith("millrace-");
        assertThat(manifest.path("version").asText()).isEqualTo(zip.version());
        assertThat(manifest.path("component_types").toString()).isEqualTo("[\"" + zip.componentType() + "\"]");
        assertThat(manifest.path("license").path(0).path("name").asText()).isEqualTo("Apache License 2.0");
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsServiceManifestAndLoadsWithoutAnyOtherJar(PluginZip zip, @TempDir Path directory)
            throws Exception {
        assumeTrue(zip.file().isPresent(), zip::missingMessage);
        zip.unpackInto(directory);
        try (WorkerClassLoader loader = new WorkerClassLoader(jars(directory))) {
            List<Class<?>> found = new ArrayList<>();
            for (Object plugin : ServiceLoader.load(loader.loadClass(zip.service()), loader)) {
                if (plugin.getClass().getClassLoader() == loader) {
                    found.add(plugin.getClass());
                    if (plugin instanceof Versioned versioned) {
                        assertThat(versioned.version()).isEqualTo(zip.version());
                    }
                }
            }
            assertThat(found)
                    .singleElement()
                    .satisfies(type -> assertThat(type.getName()).startsWith("io.millrace."));
        }
    }

    private static List<String> listed(PluginZip zip) throws IOException {
        String name = zip.name().toLowerCase(Locale.ROOT) + ".txt";
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(PluginZipTest.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    private static URL[] jars(Path directory) throws IOException {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                jars.add(jar.toUri().toURL());
            }
        }
        return jars.toArray(new URL[0]);
    }
}
