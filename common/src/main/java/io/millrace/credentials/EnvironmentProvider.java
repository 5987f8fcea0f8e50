package io.millrace.credentials;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A login in environment variables of the process, which stay what they were when it started. */
public final class EnvironmentProvider implements CredentialProvider {

    public static final String NAME = "environment";

    static final String USER = "user";
    static final String PASSWORD = "password";

    private final UnaryOperator<String> environment;

    public EnvironmentProvider() {
        this(System::getenv);
    }

    EnvironmentProvider(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ProviderOption> options() {
        return List.of(
                ProviderOption.text(
                        USER, "Name of the variable that holds the user. Empty logs in as the user of redis.user."),
                ProviderOption.text(PASSWORD, "Name of the variable that holds the password."));
    }

    @Override
    public Credentials credentials(ProviderSettings settings) {
        String password = settings.required(
                PASSWORD, "the provider environment needs the name of the variable that holds the password.");
        return new FromEnvironment(environment, settings.user(), settings.option(USER), password);
    }

    private record FromEnvironment(
            UnaryOperator<String> environment,
            String configuredUser,
            Optional<String> userVariable,
            String passwordVariable)
            implements Credentials {

        @Override
        public Login login() {
            String user = userVariable.map(this::value).orElse(configuredUser);
            return Login.of(user, Secret.of(value(passwordVariable)));
        }

        private String value(String variable) {
            String value = environment.apply(variable);
            if (value == null || value.isEmpty()) {
                throw CredentialsException.lasting("the environment variable " + variable + " is not set");
            }
            return value;
        }

        @Override
        public String toString() {
            return "the environment variable " + passwordVariable;
        }
    }
}
