package io.millrace.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pins what the add-ons bring: nothing that a connector has already, and whatever their providers need beside it. */
class AddonZipTest {

    @ParameterizedTest
    @EnumSource
    void holdsExactlyTheListedFiles(AddonZip addon) throws IOException {
        assumeTrue(addon.isPresent(), addon::missingMessage);
        String name = addon.zip().module() + ".txt";
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(AddonZipTest.class.getResourceAsStream(name), StandardCharsets.UTF_8))) {
            assertThat(String.join("\n", addon.zip().entries()))
                    .isEqualTo(String.join("\n", reader.lines().toList()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bringsNoJarThatAConnectorOrTheWorkerHas(AddonZip addon) {
        assumeTrue(addon.isPresent() && PluginZip.SOURCE.file().isPresent(), addon::missingMessage);
        List<String> own = artifacts(addon.zip().entries());
        assertThat(own).doesNotContainAnyElementsOf(artifacts(PluginZip.SOURCE.entries()));
        assertThat(own).doesNotContainAnyElementsOf(artifacts(PluginZip.SINK.entries()));
        assertThat(own).noneMatch(name -> name.matches("(kafka|connect|slf4j|log4j|logback).*"));
    }

    /** As a worker loads it, with every jar of the connector's directory and no other. */
    @ParameterizedTest
    @EnumSource
    void isFoundInsideEachConnector(AddonZip addon, @TempDir Path directory) throws Exception {
        assumeTrue(addon.isPresent() && PluginZip.SOURCE.file().isPresent(), addon::missingMessage);
        for (PluginZip connector : new PluginZip[] {PluginZip.SOURCE, PluginZip.SINK}) {
            Path unpacked =
                    connector.unpackInto(directory.resolve(connector.name().toLowerCase(Locale.ROOT)));
            addon.unpackInto(unpacked);
            try (WorkerClassLoader loader = new WorkerClassLoader(jars(unpacked))) {
                Class<?> providers = loader.loadClass("io.millrace.credentials.CredentialProviders");
                List<String> names = new ArrayList<>();
                for (Object provider : (List<?>) providers.getMethod("all").invoke(null)) {
                    names.add((String) provider.getClass().getMethod("name").invoke(provider));
                }
                assertThat(names).containsExactlyInAnyOrder("static", "file", "environment", addon.provider());
            }
        }
    }

    /** The names of the jars, without their versions. */
    private static List<String> artifacts(List<String> entries) {
        return entries.stream()
                .filter(entry -> entry.endsWith(".jar"))
                .map(entry -> entry.substring(entry.lastIndexOf('/') + 1).replaceAll("-[0-9V].*", ""))
                .toList();
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
