package io.millrace.cli.options;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the data comes from. */
public final class SourceOptions {
    @Option(
            names = "--source",
            required = true,
            paramLabel = "URI",
            order = 1,
            description = "The server to copy from: redis://host:port, or rediss://host:port for TLS; behind sentinels,"
                    + " redis+sentinel://host:26379,host:26379/mymaster; on this machine, unix:///path."
                    + " For a cluster, one or more of its nodes, separated by commas."
                    + " It is only read; the command joins it as one more replica.")
    private String uri;

    @Option(
            names = "--source-user",
            paramLabel = "NAME",
            order = 3,
            description = "The ACL user at the source. The password comes from the environment variable"
                    + " MILLRACE_SOURCE_PASSWORD or from --source-password-file.")
    private String user;

    @Option(
            names = "--source-password-file",
            paramLabel = "FILE",
            order = 4,
            description =
                    "A file whose first line is the source's password. It is read again for every connection, so that a"
                            + " password that changes takes effect while a migration runs.")
    private Path passwordFile;

    @Option(
            names = "--source-credentials",
            paramLabel = "PROVIDER",
            order = 5,
            description =
                    "Who gives the login, in place of a password: file, environment, or one of an add-on: aws-iam, entra-id, alibaba-ram (docs/deployment.md).")
    private String provider;

    @Option(
            names = "--source-credentials-option",
            paramLabel = "NAME=VALUE",
            order = 5,
            description =
                    "An option of --source-credentials, as docs/deployment.md lists them. The value of a secret one is env:VARIABLE or"
                            + " file:PATH, a file whose first line is the secret. May be given several times.")
    private Map<String, String> providerOptions = new LinkedHashMap<>();

    @Option(
            names = "--source-tls-ca",
            paramLabel = "FILE",
            order = 5,
            description = "PEM file with the certificates to trust, with rediss://. Default: those of the JVM.")
    private Path ca;

    @Option(
            names = "--source-tls-cert",
            paramLabel = "FILE",
            order = 6,
            description = "PEM file with this client's certificate, where the source asks for one.")
    private Path certificate;

    @Option(
            names = "--source-tls-key",
            paramLabel = "FILE",
            order = 7,
            description = "PEM file with the key of --source-tls-cert, in PKCS#8.")
    private Path key;

    @Option(
            names = "--source-tls-skip-host-check",
            order = 8,
            description = "Accept a certificate that does not name the host.")
    private boolean skipHostCheck;

    @Option(
            names = "--source-sentinel-user",
            paramLabel = "NAME",
            order = 9,
            description =
                    "With redis+sentinel://: the ACL user at the sentinels, if they have users. Their password comes from"
                            + " the environment variable MILLRACE_SOURCE_SENTINEL_PASSWORD.")
    private String sentinelUser;

    /** @throws io.millrace.cli.Failure when an option is wrong */
    public Side side(Map<String, String> environment) {
        LoginOptions login = new LoginOptions(
                user, passwordFile, provider, providerOptions, ca, certificate, key, skipHostCheck, sentinelUser);
        return Side.of("source", uri, login, environment);
    }
}
