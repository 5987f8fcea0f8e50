package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.RedisUri;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.TlsSettings;
import io.millrace.endpoint.Topology;
import io.millrace.it.pipeline.DocumentedUser;
import io.millrace.it.worker.SecretSearch;
import io.millrace.it.worker.WorkerRest;
import io.millrace.redis.local.LocalCertificates;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.LocalServerBuilder;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code millrace migrate} where both ends want a client certificate and know only a user with the documented rights; one end
 * speaks TLS 1.2 alone, and the other TLS 1.3 alone.
 */
class SecuredMigrateIT {

    private static final List<String> PASSWORDS = List.of("zq7SourceLoginPx", "zq7TargetLoginPx");

    @TempDir
    private Path directory;

    private LocalCertificates files;

    @BeforeEach
    void certificates() throws IOException {
        files = LocalCertificates.writeTo(Files.createDirectory(directory.resolve("tls")));
    }

    @Test
    void copiesAndFollowsWithClientCertificatesAndTheDocumentedUsers() throws Exception {
        try (LocalServer source = secured("TLSv1.2").mutualTls(files).start();
                LocalServer target = secured("TLSv1.3").mutualTls(files).start()) {
            try (RespClient client = source.connect()) {
                Populator populator = new Populator(client, 3);
                populator.everyType();
                populator.mixed(2_000);
            }
            DocumentedUser.OF_THE_SOURCE.createOn(source, PASSWORDS.get(0));
            DocumentedUser.OF_THE_DESTINATION.createOn(target, PASSWORDS.get(1));
            StringBuilder shown = new StringBuilder();
            // The source's password comes from the environment, and the target's from a file.
            Map<String, String> environment = Map.of("MILLRACE_SOURCE_PASSWORD", PASSWORDS.get(0));
            try (MillraceProcess running = MillraceProcess.startWith(environment, arguments(source, target, true))) {
                running.awaitStream();
                shown.append(SecretSearch.commandLines());
                shown.append(everythingAboutTheConnectors());
                source.command("SET", "live", "1");
                source.command("PEXPIRE", "live", "100000000");
                await().atMost(MillraceProcess.PATIENCE).until(() -> target.command("GET", "live") != null);
                running.interrupt();
                assertThat(running.awaitExit()).as(running.toString()).isEqualTo(130);
                assertThat(running.out()).last().asString().contains("\"event\":\"stopped\"", "\"recordsLeft\":0");
                assertThat(running.err()).isEmpty();
                shown.append(running);
            }
            assertNoSecret(shown.toString());
            VerifyReport report = KeyspaceComparison.between(endpoint(source), endpoint(target))
                    .run();
            assertThat(report.isEqual()).as(report.lines().toString()).isTrue();
            assertThat(report.keysCompared()).isGreaterThan(2_000);
            assertThat(denied(source)).as("what the page says may be denied").isSubsetOf("acl|dryrun");
        }
    }

    @Test
    void aWrongHostNameIsRefusedAtEitherEnd() throws Exception {
        try (LocalServer right = secured("TLSv1.3").mutualTls(files).start();
                LocalServer wrong = secured("TLSv1.3")
                        .mutualTls(files)
                        .tlsOfAnotherHost(files)
                        .start()) {
            for (LocalServer server : List.of(right, wrong)) {
                DocumentedUser.OF_THE_SOURCE.createOn(server, PASSWORDS.get(server == right ? 0 : 1));
            }
            assertRefused(wrong, right, "source");
            assertRefused(right, wrong, "target");
        }
    }

    private void assertRefused(LocalServer source, LocalServer target, String side) throws Exception {
        try (MillraceProcess running = MillraceProcess.start(arguments(source, target))) {
            assertThat(running.awaitExit()).as(running.toString()).isEqualTo(3);
            assertThat(running.out())
                    .last()
                    .asString()
                    .contains(
                            "The " + side, "certificate is one of another host", "--" + side + "-tls-skip-host-check");
        }
    }

    /** The commands that ACL LOG shows. */
    private static List<String> denied(LocalServer server) {
        List<String> objects = new ArrayList<>();
        for (Object entry : (List<?>) server.command("ACL", "LOG")) {
            List<String> fields = new ArrayList<>();
            for (Object field : (List<?>) entry) {
                fields.add(field instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : "" + field);
            }
            objects.add(fields.get(fields.indexOf("object") + 1));
        }
        return objects;
    }

    /** What the embedded worker's REST interface says, whose address stands in the log. */
    private String everythingAboutTheConnectors() throws IOException {
        String log = Files.readString(directory.resolve("data/log/millrace.log"));
        Matcher url = Pattern.compile("leaderUrl='(http://[^']+)'").matcher(log);
        String found = null;
        while (url.find()) {
            found = url.group(1);
        }
        assertThat(found).as("the address of the worker in its log").isNotNull();
        WorkerRest rest = new WorkerRest(URI.create(found));
        return rest.everythingAbout("millrace-source") + rest.everythingAbout("millrace-sink");
    }

    /** In what was printed and shown, and in every byte of every file of the data directory. */
    private void assertNoSecret(String shown) throws IOException {
        List<String> secrets = new ArrayList<>(PASSWORDS);
        secrets.add(Files.readAllLines(files.clientKey()).get(1)); // of the key itself, in base64
        secrets.forEach(secret -> assertThat(shown).doesNotContain(secret));
        assertThat(SecretSearch.below(directory.resolve("data"), secrets)).isEmpty();
    }

    private static LocalServerBuilder secured(String protocol) {
        return LocalServer.of(ServerVersion.standard())
                .withoutDefaultUser()
                .user("auditor", PASSWORDS.get(0), "~* &* +@all")
                .config("tls-protocols " + protocol);
    }

    private String[] arguments(LocalServer source, LocalServer target) throws IOException {
        return arguments(source, target, false);
    }

    private String[] arguments(LocalServer source, LocalServer target, boolean sourcesPasswordElsewhere)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("migrate", "--json", "--data-dir"));
        all.add(directory.resolve("data").toString());
        List<LocalServer> ends = Arrays.asList(source, target);
        for (int i = 0; i < 2; i++) {
            String option = i == 0 ? "--source" : "--target";
            Path password = Files.writeString(directory.resolve("password" + i), PASSWORDS.get(i) + "\n");
            all.addAll(List.of(
                    option, "rediss://" + LocalServer.HOST + ":" + ends.get(i).port()));
            all.addAll(List.of(option + "-user", DocumentedUser.NAME));
            if (i == 1 || !sourcesPasswordElsewhere) {
                all.addAll(List.of(option + "-password-file", password.toString()));
            }
            all.addAll(List.of(option + "-tls-ca", files.authority().toString()));
            all.addAll(List.of(option + "-tls-cert", files.clientCertificate().toString()));
            all.addAll(List.of(option + "-tls-key", files.clientKey().toString()));
        }
        return all.toArray(new String[0]);
    }

    /** As the administrator: to compare is not what the documented users are for. */
    private RedisEndpoint endpoint(LocalServer server) {
        return RedisUri.parse(server.uri())
                .endpoint(Topology.STANDALONE)
                .withLogin(Login.of("auditor", Secret.of(PASSWORDS.get(0))))
                .withTls(TlsSettings.on()
                        .withCa(files.authority())
                        .withClientCertificate(files.clientCertificate(), files.clientKey()));
    }
}
