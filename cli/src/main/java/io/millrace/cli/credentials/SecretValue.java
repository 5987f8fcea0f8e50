package io.millrace.cli.credentials;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.credentials.PasswordFile;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Where a secret is that must not stand on a command line, which others on the machine can read. */
final class SecretValue {
    private static final String ENVIRONMENT = "env:";
    private static final String FILE = "file:";

    private SecretValue() {}

    /**
     * @param option as it was written, without its value
     * @param place {@code env:VARIABLE}, or {@code file:PATH} of a file whose first line is the secret
     * @throws Failure that never repeats what may be the secret
     */
    static Secret read(String option, String place, Map<String, String> environment) {
        if (place.startsWith(ENVIRONMENT)) {
            String variable = place.substring(ENVIRONMENT.length());
            String value = environment.getOrDefault(variable, "");
            if (value.isEmpty()) {
                throw new Failure(
                        ExitStatus.USAGE, option + ": the environment variable " + variable + " is not set; set it.");
            }
            return Secret.of(value);
        }
        if (place.startsWith(FILE)) {
            try {
                return PasswordFile.of(Path.of(place.substring(FILE.length())), null)
                        .login()
                        .secret();
            } catch (CredentialsException | InvalidPathException e) {
                throw new Failure(
                        ExitStatus.USAGE,
                        option + ": the file " + place.substring(FILE.length())
                                + " cannot be used; name a readable one whose first line is the secret.");
            }
        }
        throw new Failure(
                ExitStatus.USAGE,
                option + " is a secret, which others on this machine could read on the command line; write env: and the"
                        + " name of a variable, or file: and a path.");
    }
}
