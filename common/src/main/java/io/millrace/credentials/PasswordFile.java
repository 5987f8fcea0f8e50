package io.millrace.credentials;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A password, and perhaps a user, each on the first line of a file of its own. */
public final class PasswordFile implements Credentials {

    private final SecretFile password;
    private final Optional<SecretFile> user;
    private final String configuredUser;

    PasswordFile(Path password, Optional<Path> user, String configuredUser) {
        this.password = new SecretFile(password, "the password file");
        this.user = user.map(path -> new SecretFile(path, "the user file"));
        this.configuredUser = configuredUser;
    }

    /** @param user who logs in with the password; null or empty for the default user */
    public static PasswordFile of(Path password, String user) {
        return new PasswordFile(password, Optional.empty(), user == null ? "" : user);
    }

    public Path path() {
        return password.path();
    }

    @Override
    public Login login() {
        String name = user.map(file -> new String(file.firstLine(), StandardCharsets.UTF_8))
                .orElse(configuredUser);
        return Login.of(name, Secret.of(password.firstLine()));
    }

    @Override
    public String toString() {
        return password.toString();
    }
}
