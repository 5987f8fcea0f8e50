package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class ConfigReferenceTest {

    @TempDir
    private Path directory;

    private final ConfigReference reference =
            new ConfigReference("Properties", "What can be set.", RedisSettingsTest.def());

    @Test
    void everyOptionHasItsRowInTheOrderOfTheDeclaration() {
        String page = reference.markdown();
        int last = 0;
        for (String key : RedisSettings.KEYS) {
            int at = page.indexOf("\n| `" + key + "` | ");
            assertThat(at).as(key).isGreaterThan(last);
            last = at;
        }
        assertThat(page)
                .contains("# Properties\n\nWhat can be set.\n\n## Redis\n")
                .contains("| `redis.hosts` |  | list host:port[,host:port...] | ")
                .contains("| `redis.topology` | `standalone` | standalone, cluster | ")
                .contains("| `redis.connect.timeout.ms` | `10000` | int [1,...,3600000] | ")
                .contains("| `redis.password` |  | password | ");
        assertThat(new ConfigReference("Properties", "What can be set.", RedisSettingsTest.def()).markdown())
                .isEqualTo(page);
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void driftIsFoundAndRepairedOnDemand() throws Exception {
        Path file = directory.resolve("properties.md");
        assertThat(reference.drift(file).orElseThrow()).contains("line 1").contains(ConfigReference.UPDATE);
        System.setProperty(ConfigReference.UPDATE, "true");
        try {
            assertThat(reference.drift(file)).isEmpty();
        } finally {
            System.clearProperty(ConfigReference.UPDATE);
        }
        assertThat(reference.drift(file)).isEmpty();
        Files.writeString(file, Files.readString(file).replace("redis.tls.key.file", "redis.tls.key"));
        assertThat(reference.drift(file)).isPresent();
    }
}
