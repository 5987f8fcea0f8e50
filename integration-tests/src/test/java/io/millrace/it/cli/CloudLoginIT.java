package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cloud.local.ApplicationCertificate;
import io.millrace.cloud.local.LoginGate;
import io.millrace.cloud.local.StandInAlibaba;
import io.millrace.cloud.local.StandInCache;
import io.millrace.cloud.local.StandInEntra;
import io.millrace.cloud.local.StandInSts;
import io.millrace.it.worker.SecretSearch;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that log in to real servers as a cloud has it, with the add-ons beside the executable jar, against services that
 * compute every signature anew.
 */
class CloudLoginIT {

    /** What the servers themselves know; only the gates before them do, too. */
    private static final String REAL = "zq7RealPx";

    private static final String KEY_ID = "AKIDMILLRACE";
    private static final String KEY = "zq7OwnSecretPx";
    private static final String ROLE_KEY = "zq7RolePx";

    @TempDir
    private Path directory;

    private LocalServer source;
    private LocalServer target;
    private final List<String> secrets = new ArrayList<>(List.of(REAL, KEY, ROLE_KEY, "zq7SessionTokenPx"));

    @BeforeEach
    void start() throws IOException {
        source = server();
        target = server();
        try (RespClient client = source.connect()) {
            Populator populator = new Populator(client, 5);
            populator.everyType();
            populator.mixed(500);
        }
    }

    @AfterEach
    void stop() {
        source.close();
        target.close();
    }

    /** Source by a role and a key from the environment, target by the key itself and from a file. */
    @Test
    void awsIamMigratesGoesOnAndCompares() throws Exception {
        StandInCache cache =
                new StandInCache("orders", "elasticache", "eu-central-1", Map.of(KEY_ID, KEY, "ASIAROLE", ROLE_KEY));
        Path key = Files.writeString(directory.resolve("key"), KEY + "\n");
        try (StandInSts sts = new StandInSts(KEY_ID, KEY);
                LoginGate from = gate(source, cache);
                LoginGate to = gate(target, cache)) {
            for (int i = 0; i < 20; i++) {
                sts.gives(StandInSts.Answer.keys(
                        "ASIAROLE", ROLE_KEY, Instant.now().plusSeconds(3600)));
            }
            List<String> ends = new ArrayList<>(aws("source", from, "env:ORDERS_KEY"));
            ends.addAll(options("source", "role.arn=arn:aws:iam::1:role/reader", "sts.endpoint=" + sts.url()));
            ends.addAll(aws("target", to, "file:" + key));
            Map<String, String> environment = Map.of("ORDERS_KEY", KEY);
            StringBuilder shown = new StringBuilder();
            for (int run = 1; run <= 2; run++) {
                try (MillraceProcess running = MillraceProcess.startWith(environment, migrate(ends))) {
                    running.awaitStream();
                    shown.append(SecretSearch.commandLines());
                    String live = "live" + run;
                    source.command("SET", live, "1");
                    await().atMost(MillraceProcess.PATIENCE).until(() -> target.command("GET", live) != null);
                    running.interrupt();
                    assertThat(running.awaitExit()).as(running.toString()).isEqualTo(130);
                    shown.append(running);
                }
            }
            shown.append(verify(environment, ends));
            assertThat(sts.asked()).isPositive();
            assertThat(from.accepted()).hasSizeGreaterThan(4).allMatch(token -> token.startsWith("orders/?"));
            from.accepted().forEach(token -> secrets.add(token.substring(token.indexOf("X-Amz-Signature="))));
            assertNoSecret(shown);
        }
    }

    @Test
    void entraIdWithACertificateMigratesAndCompares() throws Exception {
        Path tls = Files.createDirectory(directory.resolve("tls"));
        ApplicationCertificate application =
                ApplicationCertificate.writeTo(directory.resolve("application.pem"), "RSA");
        try (StandInEntra entra = new StandInEntra(tls);
                LoginGate from =
                        LoginGate.to(source, REAL, (user, token) -> user.equals("object-1") && entra.hasGiven(token))) {
            entra.registers(application.certificate());
            List<String> ends = new ArrayList<>(List.of("--source", "redis://127.0.0.1:" + from.port()));
            ends.addAll(List.of("--source-credentials", "entra-id"));
            ends.addAll(options(
                    "source",
                    "tenant.id=tenant-1",
                    "client.id=client-1",
                    "client.certificate.path=" + application.file(),
                    "authority=" + entra.url()));
            ends.addAll(plainTarget());
            Map<String, String> environment =
                    Map.of("JDK_JAVA_OPTIONS", trusting(tls.resolve("ca.crt")), "MILLRACE_TARGET_PASSWORD", REAL);
            String shown = copy(environment, ends) + verify(environment, ends);
            assertThat(from.accepted()).isNotEmpty();
            secrets.addAll(from.accepted());
            secrets.add(Files.readAllLines(application.file()).get(1));
            assertNoSecret(shown);
        }
    }

    @Test
    void alibabaRamFindsTheInstanceMigratesAndCompares() throws Exception {
        try (StandInAlibaba cloud = new StandInAlibaba()) {
            cloud.knows("LTAIOWN", KEY, "");
            cloud.gives(
                    "DescribeDBInstanceNetInfo",
                    "{\"NetInfoItems\":{\"InstanceNetInfo\":[{\"ConnectionString\":\"127.0.0.1\",\"Port\":\""
                            + source.port() + "\",\"IPType\":\"Private\"}]}}");
            cloud.gives(
                    "GetSecretValue",
                    "{\"SecretData\":\"{\\\"AccountName\\\":\\\"object-1\\\",\\\"AccountPassword\\\":\\\"" + REAL
                            + "\\\"}\"}");
            List<String> ends = new ArrayList<>(List.of("--source", "redis://r-bp1test"));
            ends.addAll(List.of("--source-credentials", "alibaba-ram"));
            ends.addAll(options(
                    "source",
                    "instance.id=r-bp1test",
                    "region=cn-hangzhou",
                    "access.key.id=LTAIOWN",
                    "access.key.secret=env:RAM_KEY",
                    "secret.name=login",
                    "redis.endpoint=" + cloud.url(),
                    "kms.endpoint=" + cloud.url()));
            ends.addAll(plainTarget());
            Map<String, String> environment = Map.of("RAM_KEY", KEY, "MILLRACE_TARGET_PASSWORD", REAL);
            String shown = copy(environment, ends) + verify(environment, ends);
            assertThat(cloud.called("GetSecretValue")).isGreaterThan(2);
            assertNoSecret(shown);

            List<String> elsewhere = new ArrayList<>(ends);
            elsewhere.set(1, "redis://127.0.0.1:" + source.port());
            assertRefused(environment, elsewhere, 2, "looks the server up by its id", "--source redis://r-bp1test");
        }
    }

    @Test
    void whatTheCloudOrTheServerRefusesIsOneSentence() throws Exception {
        StandInCache cache = new StandInCache("orders", "elasticache", "eu-central-1", Map.of(KEY_ID, "another"));
        try (StandInSts sts = new StandInSts(KEY_ID, "another");
                LoginGate from = gate(source, cache)) {
            List<String> ends = new ArrayList<>(aws("source", from, "env:ORDERS_KEY"));
            ends.addAll(plainTarget());
            Map<String, String> environment = Map.of("ORDERS_KEY", KEY, "MILLRACE_TARGET_PASSWORD", REAL);
            assertRefused(environment, ends, 3, "refused the login", "--source-credentials-option");
            List<String> byRole = new ArrayList<>(ends);
            byRole.addAll(options("source", "role.arn=r", "sts.endpoint=" + sts.url()));
            assertRefused(environment, byRole, 3, "SignatureDoesNotMatch", "--source-credentials-option");
            Map<String, String> withoutAddOns = Map.of(
                    "ORDERS_KEY", KEY, "MILLRACE_TARGET_PASSWORD", REAL, "MILLRACE_ADDONS", directory.toString());
            assertRefused(withoutAddOns, ends, 2, "no provider aws-iam", "credentials-aws-", "MILLRACE_ADDONS");
        }
    }

    private void assertRefused(Map<String, String> environment, List<String> ends, int status, String... sentence)
            throws Exception {
        List<String> all = new ArrayList<>(List.of("verify"));
        all.addAll(ends);
        try (MillraceProcess refused = MillraceProcess.startWith(environment, all.toArray(new String[0]))) {
            assertThat(refused.awaitExit()).as(refused.toString()).isEqualTo(status);
            assertThat(refused.err()).singleElement().asString().contains(sentence);
            assertThat(refused.toString()).doesNotContain("zq7", "X-Amz-Signature", "\tat ");
        }
    }

    private static LocalServer server() {
        return LocalServer.of(ServerVersion.standard())
                .user("mover", REAL, "~* &* +@all")
                .user("object-1", REAL, "~* &* +@all")
                .start();
    }

    private static LoginGate gate(LocalServer server, StandInCache cache) {
        return LoginGate.to(
                server,
                REAL,
                (user, token) -> cache.check(token, user, Instant.now()).equals("accepted"));
    }

    private static List<String> aws(String side, LoginGate gate, String key) {
        List<String> all = new ArrayList<>(List.of("--" + side, "redis://127.0.0.1:" + gate.port()));
        all.addAll(List.of("--" + side + "-user", "mover", "--" + side + "-credentials", "aws-iam"));
        all.addAll(options(
                side,
                "cache.name=orders",
                "region=eu-central-1",
                "access.key.id=" + KEY_ID,
                "secret.access.key=" + key));
        return all;
    }

    private List<String> plainTarget() {
        return List.of("--target", "redis://127.0.0.1:" + target.port(), "--target-user", "mover");
    }

    private static List<String> options(String side, String... options) {
        return Stream.of(options)
                .flatMap(option -> Stream.of("--" + side + "-credentials-option", option))
                .toList();
    }

    private String[] migrate(List<String> ends, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "migrate", "--json", "--data-dir", directory.resolve("data").toString()));
        all.addAll(ends);
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    private String copy(Map<String, String> environment, List<String> ends) throws Exception {
        try (MillraceProcess running = MillraceProcess.startWith(environment, migrate(ends, "--full-only"))) {
            running.awaitOut("\"event\":\"progress\"");
            String seen = SecretSearch.commandLines();
            assertThat(running.awaitExit()).as(running.toString()).isZero();
            return seen + running;
        }
    }

    private static String verify(Map<String, String> environment, List<String> ends) throws Exception {
        List<String> all = new ArrayList<>(List.of("verify", "--json"));
        all.addAll(ends);
        try (MillraceProcess running = MillraceProcess.startWith(environment, all.toArray(new String[0]))) {
            assertThat(running.awaitExit()).as(running.toString()).isZero();
            return running.toString();
        }
    }

    private void assertNoSecret(CharSequence shown) {
        secrets.forEach(secret -> assertThat(shown).doesNotContain(secret));
        assertThat(SecretSearch.below(directory.resolve("data"), secrets)).isEmpty();
    }

    private String trusting(Path authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            trusted.setCertificateEntry("ca", certificate);
        }
        Path store = directory.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(store)) {
            trusted.store(out, "changeit".toCharArray());
        }
        return "-Djavax.net.ssl.trustStore=" + store + " -Djavax.net.ssl.trustStorePassword=changeit";
    }
}
