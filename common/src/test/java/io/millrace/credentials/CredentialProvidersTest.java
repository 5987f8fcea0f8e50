package io.millrace.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each provider reads, and what it says when there is nothing to be read. */
class CredentialProvidersTest {

    @TempDir
    private Path directory;

    @Test
    void areFoundByTheServiceLoader() {
        assertThat(CredentialProviders.all())
                .extracting(CredentialProvider::name)
                .containsExactlyInAnyOrder("static", "file", "environment", "token");
    }

    @Test
    void aPasswordFileIsItsFirstLine() throws IOException {
        Path password = write("password", "hunter 2\r\nand what nobody reads\n");
        Path user = write("user", "app\n");
        assertThat(file("root", "password.path", password).login()).isEqualTo(login("root", "hunter 2"));
        assertThat(file("root", "password.path", password, "user.path", user).login())
                .isEqualTo(login("app", "hunter 2"));
        assertThat(file("", "password.path", password).login()).isEqualTo(login("", "hunter 2"));
        byte[] binary = {(byte) 0xff, 0, 'x'};
        Files.write(password, binary);
        assertThat(file("", "password.path", password).login().secret()).isEqualTo(Secret.of(binary));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user=app\npassword=p\u00e4ss:w=rd\n",
                "# rotated\nusername = app\npassword : p\u00e4ss:w=rd",
                "{\"user\":\"app\",\"password\":\"p\u00e4ss:w=rd\"}",
                "\n {\"username\":\"app\",\"password\":\"p\\u00e4ss:w=rd\",\"port\":6379}\n"
            })
    void aFileHasBothAsPropertiesOrJson(String content) throws IOException {
        assertThat(file("", "path", write("both", content)).login()).isEqualTo(login("app", "p\u00e4ss:w=rd"));
    }

    @Test
    void theConfiguredUserServesWhereTheFileHasNone() throws IOException {
        assertThat(file("root", "path", write("both", "password=hunter2")).login())
                .isEqualTo(login("root", "hunter2"));
    }

    @Test
    void aFileThatChangesIsReadAgain() throws IOException {
        Path file = write("both", "password=first");
        Credentials credentials = file("", "path", file);
        assertThat(credentials.login()).isEqualTo(login("", "first"));
        Files.move(write("new", "password=secon"), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(credentials.login()).isEqualTo(login("", "secon"));
    }

    /** None of these is more than a moment in a replacement, so it is asked again; none shows what it has read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user=hunter2",
                "password=",
                "{\"password\":\"hunter2\"",
                "{hunter2}",
                "{\"password\":{\"a\":\"hunter2\"}}",
                "password=hunter2\\u00"
            })
    void aDamagedFileIsNamedAndNothingOfItIsShown(String content) throws IOException {
        Path file = write("both", content);
        CredentialsException e = failure(file("", "path", file));
        assertThat(e).hasMessageContaining("the credentials file " + file).hasNoCause();
        assertThat(e.getMessage()).doesNotContain("hunter2");
        assertThat(e.isRetryable()).isTrue();
    }

    @Test
    void aFileThatIsMissingOrNoSecretIsNamed() throws IOException {
        Path none = directory.resolve("none");
        assertThat(failure(file("", "password.path", none)))
                .hasMessage("the password file " + none + " cannot be read (NoSuchFileException)");
        Path log = write("log", "x".repeat(70_000));
        assertThat(failure(file("", "password.path", log))).hasMessageContaining("is larger than 64 KiB");
        assertThat(failure(file("", "password.path", write("lines", "\nhunter2"))))
                .hasMessageContaining("has an empty first line");
    }

    @Test
    void theFilesExcludeEachOther() {
        assertThatThrownBy(() -> file("", "path", directory, "user.path", directory))
                .isInstanceOf(InvalidProviderOptionException.class)
                .extracting(e -> ((InvalidProviderOptionException) e).option())
                .isEqualTo("path");
        assertThatThrownBy(() -> file("root"))
                .isInstanceOf(InvalidProviderOptionException.class)
                .extracting(e -> ((InvalidProviderOptionException) e).option())
                .isEqualTo("password.path");
    }

    @Test
    void theEnvironmentHasUserAndPassword() {
        Map<String, String> environment = Map.of("U", "app", "P", "hunter2");
        EnvironmentProvider provider = new EnvironmentProvider(environment::get);
        assertThat(provider.credentials(settings("root", Map.of("password", "P")))
                        .login())
                .isEqualTo(login("root", "hunter2"));
        assertThat(provider.credentials(settings("root", Map.of("password", "P", "user", "U")))
                        .login())
                .isEqualTo(login("app", "hunter2"));
        CredentialsException e = failure(provider.credentials(settings("", Map.of("password", "NONE"))));
        assertThat(e).hasMessage("the environment variable NONE is not set");
        assertThat(e.isRetryable())
                .as("another environment needs another process")
                .isFalse();
        assertThatThrownBy(() -> provider.credentials(settings("", Map.of())))
                .isInstanceOf(InvalidProviderOptionException.class);
    }

    @Test
    void describeThemselvesWithoutTheSecret() throws IOException {
        Path file = write("both", "user=app\npassword=hunter2");
        assertThat(file("", "path", file)).hasToString("the credentials file " + file);
        assertThat(new StaticProvider()
                        .credentials(new ProviderSettings("app", Secret.of("hunter2"), Map.of()))
                        .toString())
                .isEqualTo("app:****");
    }

    private static Credentials file(String user, Object... options) {
        Map<String, String> set = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            set.put((String) options[i], options[i + 1].toString());
        }
        return CredentialProviders.named("file").credentials(settings(user, set));
    }

    private static ProviderSettings settings(String user, Map<String, String> options) {
        Map<String, Secret> values = new HashMap<>();
        options.forEach((name, value) -> values.put(name, Secret.of(value)));
        return new ProviderSettings(user, Secret.none(), values);
    }

    private static CredentialsException failure(Credentials credentials) {
        return catchThrowableOfType(CredentialsException.class, credentials::login);
    }

    private static Login login(String user, String password) {
        return Login.of(user, Secret.of(password));
    }

    private Path write(String name, String content) throws IOException {
        return Files.write(directory.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }
}
