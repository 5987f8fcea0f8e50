package io.millrace.credentials;

import io.millrace.endpoint.Credentials;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A login in files, as orchestrators and secret stores place them; they are read again for every new connection. */
public final class FileProvider implements CredentialProvider {

    public static final String NAME = "file";

    static final String PATH = "path";
    static final String USER_PATH = "user.path";
    static final String PASSWORD_PATH = "password.path";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ProviderOption> options() {
        return List.of(
                ProviderOption.text(
                        PATH,
                        "File with the user and the password, read again for every new connection: properties, or a JSON"
                                + " object, with the entries user (or username) and password."),
                ProviderOption.text(
                        PASSWORD_PATH,
                        "In place of path: a file whose first line is the password, read again for every new connection."),
                ProviderOption.text(
                        USER_PATH,
                        "Beside password.path: a file whose first line is the user. Where no file has one, the user is"
                                + " that of redis.user."));
    }

    @Override
    public Credentials credentials(ProviderSettings settings) {
        Optional<Path> both = settings.path(PATH);
        Optional<Path> user = settings.path(USER_PATH);
        Optional<Path> password = settings.path(PASSWORD_PATH);
        if (both.isPresent()) {
            if (user.isPresent() || password.isPresent()) {
                throw new InvalidProviderOptionException(
                        PATH, "a file for both and a file for each exclude each other: keep one of the two.");
            }
            return new CredentialsFile(both.get(), settings.user());
        }
        return new PasswordFile(
                password.orElseThrow(() -> new InvalidProviderOptionException(
                        PASSWORD_PATH, "the provider file needs the path of the password's file, or one for both.")),
                user,
                settings.user());
    }
}
