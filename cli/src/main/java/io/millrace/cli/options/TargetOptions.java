package io.millrace.cli.options;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the data goes. */
public final class TargetOptions {
    @Option(
            names = "--target",
            required = true,
            paramLabel = "URI",
            order = 2,
            description = "The server to copy to: redis://host:port, or rediss://host:port for TLS; behind sentinels,"
                    + " redis+sentinel://host:26379,host:26379/mymaster; on this machine, unix:///path."
                    + " For a cluster, one or more of its nodes, separated by commas.")
    private String uri;

    @Option(
            names = "--target-user",
            paramLabel = "NAME",
            order = 11,
            description = "The ACL user at the target. The password comes from the environment variable"
                    + " MILLRACE_TARGET_PASSWORD or from --target-password-file.")
    private String user;

    @Option(
            names = "--target-password-file",
            paramLabel = "FILE",
            order = 12,
            description =
                    "A file whose first line is the target's password. It is read again for every connection, so that a"
                            + " password that changes takes effect while a migration runs.")
    private Path passwordFile;

    @Option(
            names = "--target-credentials",
            paramLabel = "PROVIDER",
            order = 13,
            description = "Who gives the login, in place of a password: as for the source.")
    private String provider;

    @Option(
            names = "--target-credentials-option",
            paramLabel = "NAME=VALUE",
            order = 13,
            description = "The same of --target-credentials.")
    private Map<String, String> providerOptions = new LinkedHashMap<>();

    @Option(
            names = "--target-tls-ca",
            paramLabel = "FILE",
            order = 13,
            description = "PEM file with the certificates to trust, with rediss://. Default: those of the JVM.")
    private Path ca;

    @Option(
            names = "--target-tls-cert",
            paramLabel = "FILE",
            order = 14,
            description = "PEM file with this client's certificate, where the target asks for one.")
    private Path certificate;

    @Option(
            names = "--target-tls-key",
            paramLabel = "FILE",
            order = 15,
            description = "PEM file with the key of --target-tls-cert, in PKCS#8.")
    private Path key;

    @Option(
            names = "--target-tls-skip-host-check",
            order = 16,
            description = "Accept a certificate that does not name the host.")
    private boolean skipHostCheck;

    @Option(
            names = "--target-sentinel-user",
            paramLabel = "NAME",
            order = 17,
            description =
                    "With redis+sentinel://: the ACL user at the sentinels, if they have users. Their password comes from"
                            + " the environment variable MILLRACE_TARGET_SENTINEL_PASSWORD.")
    private String sentinelUser;

    /** @throws io.millrace.cli.Failure when an option is wrong */
    public Side side(Map<String, String> environment) {
        LoginOptions login = new LoginOptions(
                user, passwordFile, provider, providerOptions, ca, certificate, key, skipHostCheck, sentinelUser);
        return Side.of("target", uri, login, environment);
    }
}
