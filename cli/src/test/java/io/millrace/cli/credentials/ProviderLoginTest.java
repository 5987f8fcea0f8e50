package io.millrace.cli.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.Version;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a provider of somebody's own in the directory of add-ons. */
class ProviderLoginTest {
    @TempDir
    static Path scratch;

    @TempDir
    private Path addOns;

    private final Map<String, String> environment = new HashMap<>();
    private static Path vault;

    @BeforeAll
    static void compile() throws IOException {
        vault = OwnAddOn.writeTo(scratch.resolve("vault.jar"), scratch);
    }

    @BeforeEach
    void install() throws IOException {
        Files.copy(
                vault, Files.createDirectories(addOns.resolve("own-vault/lib")).resolve("vault.jar"));
        environment.put("MILLRACE_ADDONS", addOns.toString());
        environment.put("VAULT_TOKEN", "zq7TokenPx");
    }

    private ProviderLogin login(String provider, Map<String, String> options) {
        return ProviderLogin.of("target", provider, options, "ann", environment).orElseThrow();
    }

    private Failure failure(String provider, Map<String, String> options) {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> ProviderLogin.of("target", provider, options, "ann", environment));
        assertThat(failure).isNotNull();
        assertThat(failure.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(failure.getMessage())
                .startsWith("--target-credentials")
                .endsWith(".")
                .doesNotContain("zq7", "\n");
        return failure;
    }

    @Test
    void theProviderOfAnAddOnGivesTheLogin() throws IOException {
        ProviderLogin login = login("vault", Map.of("role", "reader", "token", "env:VAULT_TOKEN"));
        assertThat(login.credentials().login()).isEqualTo(Login.of("ann@reader", Secret.of("zq7TokenPx")));
        assertThat(login.plain()).isEqualTo(Map.of("role", "reader"));
        assertThat(login.secret()).isEqualTo(Map.of("token", Secret.of("zq7TokenPx")));
        assertThat(login.addOn().orElseThrow().jars())
                .containsExactly(addOns.toRealPath().resolve("own-vault/lib/vault.jar"));
        assertThat(login.toString()).doesNotContain("zq7");

        Path file = Files.writeString(addOns.resolve("token"), "zq7OfFilePx\n");
        assertThat(login("vault", Map.of("role", "r", "token", "file:" + file))
                        .credentials()
                        .login()
                        .secret())
                .isEqualTo(Secret.of("zq7OfFilePx"));
    }

    @Test
    void aJarIsAnAddOnAsWell() throws IOException {
        Files.copy(vault, addOns.resolve("a.jar"));
        assertThat(login("vault", Map.of("role", "r", "token", "env:VAULT_TOKEN"))
                        .addOn()
                        .orElseThrow()
                        .jars())
                .containsExactly(addOns.toRealPath().resolve("a.jar"));
    }

    @Test
    void aProviderOfMillraceNeedsNoAddOn() {
        ProviderLogin login = login("environment", Map.of("password", "VAULT_TOKEN"));
        assertThat(login.addOn()).isEmpty();
        assertThat(ProviderLogin.of("source", "static", Map.of(), null, Map.of()))
                .isEmpty();
        assertThat(ProviderLogin.of("source", null, Map.of(), null, Map.of())).isEmpty();
    }

    @Test
    void anAddOnThatIsMissingIsNamed() {
        assertThat(failure("aws-iam", Map.of()))
                .hasMessageContaining("no provider aws-iam among static, file, environment, vault")
                .hasMessageContaining(addOns.toString())
                .hasMessageContaining("unpack credentials-aws-" + Version.current() + "-addon.zip there");
        assertThat(failure("awsiam", Map.of())).hasMessageContaining("check the name");
    }

    @Test
    void aDirectoryThatIsNoneIsNamed() {
        environment.put("MILLRACE_ADDONS", addOns.resolve("nowhere").toString());
        Failure failure = catchThrowableOfType(
                Failure.class, () -> ProviderLogin.of("source", "vault", Map.of(), null, environment));
        assertThat(failure).hasMessageContaining("MILLRACE_ADDONS").hasMessageContaining("nowhere");
    }

    @Test
    void anAddOnThatCannotBeLoadedIsNamed() throws IOException {
        Files.writeString(addOns.resolve("own-vault/lib/vault.jar"), "no jar");
        assertThat(failure("vault", Map.of())).hasMessageContaining("there is no provider vault");
        Path broken = Files.createDirectories(addOns.resolve("broken"));
        OwnAddOn.withoutItsClass(broken.resolve("broken.jar"));
        Failure failure = catchThrowableOfType(
                Failure.class, () -> ProviderLogin.of("source", "vault", Map.of(), null, environment));
        assertThat(failure).hasMessageContaining("add-on " + broken.toRealPath());
        assertThat(failure).hasMessageContaining("cannot be loaded");
    }

    @Test
    void aSecretOnTheCommandLineIsRefusedAndNotRepeated() {
        assertThat(failure("vault", Map.of("role", "r", "token", "zq7TokenPx")))
                .hasMessageContaining("--target-credentials-option token is a secret")
                .hasMessageContaining("env:");
        assertThat(failure("vault", Map.of("role", "r", "token", "env:NOT_SET")))
                .hasMessageContaining("NOT_SET is not set");
        assertThat(failure("vault", Map.of("role", "r", "token", "file:" + addOns.resolve("none"))))
                .hasMessageContaining(addOns.resolve("none") + " cannot be used");
    }

    @Test
    void anOptionThatIsWrongIsNamed() {
        assertThat(failure("vault", Map.of("rolle", "r"))).hasMessageContaining("no option rolle; it has role, token");
        assertThat(failure("vault", Map.of("token", "env:VAULT_TOKEN")))
                .hasMessageContaining(
                        "--target-credentials-option role: the provider vault needs a role beside" + " --target-user.");
        assertThat(failure(null, Map.of("role", "r"))).hasMessageContaining("name one with --target-credentials");
    }
}
