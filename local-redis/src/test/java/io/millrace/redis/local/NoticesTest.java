package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Whoever passes on the binaries passes on their notices: the file goes into every jar that has them. */
class NoticesTest {

    @Test
    void theNoticesOfRedisAndOfWhatIsLinkedIntoItAreBesideTheBinaries() throws Exception {
        try (InputStream in = LocalServer.class.getResourceAsStream("/META-INF/licenses/redis-server.txt")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("Salvatore Sanfilippo", "Jason Evans", "Lua.org", "Pieter Noordhuis", "OpenSSL Project");
        }
    }
}
