package io.millrace.cli.options;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.credentials.AddOn;
import io.millrace.cli.credentials.ProviderLogin;
import io.millrace.credentials.PasswordFile;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.Location;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.RedisUri;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.SentinelSettings;
import io.millrace.endpoint.TlsSettings;
import io.millrace.endpoint.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One of the two ends: where it is, how to log in, how to encrypt.
 *
 * @param name {@code source} or {@code target}, as the options are called
 * @param uri as given, without what it says about the login
 * @param passwordFile the absolute path of the file that the password is on the first line of, or null; read again for every
 *     connection, while {@code login} is what it was when the command started
 * @param provider who gives the login in the place of a password; {@code login} is the user alone then
 * @param sentinelLogin of the sentinels, where the URI has some
 * @param passwordInUri true when the command line itself carried the password
 */
public record Side(
        String name,
        RedisUri uri,
        Login login,
        Path passwordFile,
        Optional<ProviderLogin> provider,
        TlsSettings tls,
        Login sentinelLogin,
        boolean passwordInUri) {
    /** Long enough for a far region, short enough for a person who mistyped an address. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

    /**
     * @param environment where {@code MILLRACE_SOURCE_PASSWORD} or {@code MILLRACE_TARGET_PASSWORD} may be
     * @throws Failure with {@link ExitStatus#USAGE} that names the option at fault
     */
    static Side of(String name, String text, LoginOptions options, Map<String, String> environment) {
        try {
            RedisUri uri = RedisUri.parse(text);
            Login login = login(name, uri.login(), options, environment);
            Optional<ProviderLogin> provider =
                    ProviderLogin.of(name, options.provider(), options.providerOptions(), login.user(), environment);
            provider.ifPresent(chosen -> refuseContradiction(name, uri, login, chosen));
            boolean inUri = !uri.login().secret().isEmpty();
            return new Side(
                    name,
                    uri,
                    login,
                    absolute(options.passwordFile()),
                    provider,
                    tls(name, uri, options),
                    sentinelLogin(name, uri, options, environment),
                    inUri);
        } catch (InvalidEndpointException e) {
            throw new Failure(ExitStatus.USAGE, "--" + name + ": " + e.getMessage());
        }
    }

    /** A side without login and TLS options. */
    public static Side open(String name, String uri) {
        return of(name, uri, LoginOptions.NONE, Map.of());
    }

    private static Login login(String name, Login fromUri, LoginOptions options, Map<String, String> environment) {
        String user = options.user() != null ? options.user() : fromUri.user();
        if (options.passwordFile() != null) {
            try {
                return PasswordFile.of(options.passwordFile(), user).login();
            } catch (CredentialsException e) {
                throw new Failure(
                        ExitStatus.USAGE,
                        "--" + name + "-password-file: " + e.getMessage()
                                + "; name a readable file whose first line is the password.");
            }
        }
        String fromEnvironment = environment.get(passwordVariable(name));
        if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
            return new Login(user, Secret.of(fromEnvironment));
        }
        return new Login(user, fromUri.secret());
    }

    private static void refuseContradiction(String name, RedisUri uri, Login login, ProviderLogin provider) {
        if (!login.secret().isEmpty()) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "--" + name + "-credentials " + provider.provider()
                            + " gives the login, and a password comes from --"
                            + name + ", --" + name + "-password-file or "
                            + passwordVariable(name) + " as well; keep one of the two.");
        }
        Optional<Location> server = provider.credentials().location();
        if (server.isPresent()
                && (uri.isSentinel()
                        || !uri.addresses().equals(List.of(server.get().name())))) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "--" + name + "-credentials " + provider.provider()
                            + " looks the server up by its id; write --" + name + " redis://"
                            + server.get().name().host() + ", or rediss:// for TLS.");
        }
    }

    private static String passwordVariable(String name) {
        return "MILLRACE_" + name.toUpperCase(Locale.ROOT) + "_PASSWORD";
    }

    private static Login sentinelLogin(
            String name, RedisUri uri, LoginOptions options, Map<String, String> environment) {
        if (!uri.isSentinel() && options.sentinelUser() != null) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "--" + name + "-sentinel-user is given but --" + name
                            + " has no sentinels; write redis+sentinel://host:26379,host:26379/mymaster.");
        }
        String password = environment.get("MILLRACE_" + name.toUpperCase(Locale.ROOT) + "_SENTINEL_PASSWORD");
        return uri.isSentinel() && password != null && !password.isEmpty()
                ? new Login(options.sentinelUser(), Secret.of(password))
                : Login.none();
    }

    private static TlsSettings tls(String name, RedisUri uri, LoginOptions options) {
        if (!uri.tls()) {
            if (options.ca() != null || options.certificate() != null || options.key() != null) {
                throw new Failure(
                        ExitStatus.USAGE,
                        "--" + name + "-tls-… options are given but --" + name
                                + " begins with redis://; write rediss:// for TLS.");
            }
            return TlsSettings.off();
        }
        TlsSettings tls = TlsSettings.on();
        if (options.ca() != null) {
            tls = tls.withCa(options.ca().toAbsolutePath());
        }
        if (options.certificate() != null || options.key() != null) {
            tls = tls.withClientCertificate(absolute(options.certificate()), absolute(options.key()));
        }
        return tls.withVerifyHostname(!options.skipHostCheck());
    }

    private static Path absolute(Path path) {
        return path == null ? null : path.toAbsolutePath();
    }

    /** What the providers of these sides come from, for a worker that is to use them, too. */
    public static List<AddOn> addOns(Side... sides) {
        return Stream.of(sides)
                .flatMap(side -> side.provider().flatMap(ProviderLogin::addOn).stream())
                .distinct()
                .toList();
    }

    /** The endpoint, for checks by this command itself. */
    public RedisEndpoint endpoint(Topology topology) {
        Credentials credentials = provider.map(ProviderLogin::credentials)
                .orElseGet(() -> passwordFile == null ? login : PasswordFile.of(passwordFile, login.user()));
        RedisEndpoint endpoint = uri.endpoint(topology);
        if (uri.isSentinel()) {
            endpoint = endpoint.withSentinels(new SentinelSettings(uri.master(), sentinelLogin));
        }
        return endpoint.withCredentials(credentials).withTls(tls).withTimeouts(CONNECT_TIMEOUT, READ_TIMEOUT);
    }

    /** For example {@code rediss://10.0.0.5:6379}: what may be shown and stored. */
    public String display() {
        return uri.shown();
    }

    /** Whether the provider looks the server up, whose host is its id then. */
    public boolean isLookedUp() {
        return provider.flatMap(chosen -> chosen.credentials().location()).isPresent();
    }

    /** {@code host:port,host:port}. */
    public String hosts() {
        return uri.addresses().stream().map(Object::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return display();
    }
}
