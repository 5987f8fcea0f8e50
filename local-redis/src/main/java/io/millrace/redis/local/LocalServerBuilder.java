package io.millrace.redis.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The options of a {@link LocalServer}. Without any: a port that is free, loopback only, no password, nothing written to
 * disk, diskless replication without delay.
 */
public final class LocalServerBuilder {
    final ServerVersion version;
    private final List<String> lines = new ArrayList<>();
    private int port;
    private String password;
    private boolean namedUsers;
    private boolean cluster;
    private boolean sentinel;
    private LocalCertificates certificates;
    private boolean certificateOfAnotherHost;
    private boolean clientsNeedCertificate;

    LocalServerBuilder(ServerVersion version) {
        this.version = Objects.requireNonNull(version);
    }

    /** A fixed TCP port; by default one that is free. */
    public LocalServerBuilder port(int fixed) {
        this.port = fixed;
        return this;
    }

    /** Requires this password of the default user. */
    public LocalServerBuilder password(String required) {
        this.password = Objects.requireNonNull(required);
        return this;
    }

    /**
     * Adds an ACL user with a password and rules such as {@code "~* +@all"}. The server then also has a user
     * {@code local-admin}, with a random password, by which this class drives it.
     */
    public LocalServerBuilder user(String name, String secret, String rules) {
        namedUsers = true;
        return config("user " + name + " on " + quoted(">" + secret) + " " + rules);
    }

    /** Switches the default user off, so that only users added with {@link #user} can log in. */
    public LocalServerBuilder withoutDefaultUser() {
        namedUsers = true;
        return config("user default off");
    }

    /** Makes it a replica of another local server, whose password it is given. */
    public LocalServerBuilder replicaOf(LocalServer master) {
        config("replicaof " + LocalServer.HOST + " " + master.port());
        master.password().ifPresent(this::masterPassword);
        return this;
    }

    /** What it says to its master when it is, or becomes, a replica. */
    LocalServerBuilder masterPassword(String secret) {
        return config("masterauth " + quoted(secret));
    }

    /** Keeps an append-only file with every write synced, so that a crash loses nothing. */
    public LocalServerBuilder appendOnly() {
        return config("appendonly yes").config("appendfsync always");
    }

    /** Whether replicas get the snapshot over the socket (the default) or from a file on the master's disk. */
    public LocalServerBuilder disklessReplication(boolean diskless) {
        return config("repl-diskless-sync " + (diskless ? "yes" : "no"));
    }

    /** Memory limit such as {@code "64mb"}, with writes refused beyond it. */
    public LocalServerBuilder maxMemory(String limit) {
        return config("maxmemory " + limit).config("maxmemory-policy noeviction");
    }

    /** Speaks TLS alone, with the server's certificate, and asks clients for none. */
    public LocalServerBuilder tls(LocalCertificates files) {
        this.certificates = files;
        return this;
    }

    /** Speaks TLS with a certificate that its authority signed for another host. */
    public LocalServerBuilder tlsOfAnotherHost(LocalCertificates files) {
        this.certificateOfAnotherHost = true;
        return tls(files);
    }

    /** Speaks TLS with clients that have a certificate of the same authority. */
    public LocalServerBuilder mutualTls(LocalCertificates files) {
        this.clientsNeedCertificate = true;
        return tls(files);
    }

    /** Cluster mode; {@link LocalCluster} forms the cluster. */
    LocalServerBuilder cluster() {
        cluster = true;
        return config("cluster-enabled yes").config("cluster-config-file nodes.conf");
    }

    /** A sentinel; {@link LocalSentinels} tells it what to watch. */
    LocalServerBuilder sentinel() {
        sentinel = true;
        return this;
    }

    /** Any line of redis.conf; it comes last and so wins over the defaults. */
    public LocalServerBuilder config(String line) {
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("A configuration line must not contain a line break");
        }
        lines.add(line);
        return this;
    }

    /** Starts it and returns once it answers PING. */
    public LocalServer start() {
        return LocalServer.launch(this);
    }

    int fixedPort() {
        return port;
    }

    boolean hasTls() {
        return certificates != null;
    }

    boolean isSentinel() {
        return sentinel;
    }

    boolean isCluster() {
        return cluster;
    }

    String requiredPassword() {
        return password;
    }

    boolean hasNamedUsers() {
        return namedUsers;
    }

    /** The whole redis.conf. Secrets stand here and nowhere else: the file is readable by its owner only. */
    List<String> configuration(Path directory, int chosenPort, String adminSecret) {
        List<String> all = new ArrayList<>(List.of(
                "bind " + LocalServer.HOST,
                "unixsocket " + quoted(directory.resolve(LocalServer.SOCKET).toString()),
                "unixsocketperm 700",
                "dir " + quoted(directory.toString()),
                "daemonize no",
                "logfile \"\""));
        if (!sentinel) {
            all.addAll(List.of("save \"\"", "appendonly no", "repl-diskless-sync yes", "repl-diskless-sync-delay 0"));
        }
        all.addAll(
                certificates == null
                        ? List.of("port " + chosenPort)
                        : certificates.configuration(chosenPort, certificateOfAnotherHost, clientsNeedCertificate));
        if (password != null) {
            all.add("requirepass " + quoted(password));
        }
        if (namedUsers) {
            String channels = version == ServerVersion.REDIS_6_0 ? "" : " &*";
            all.add("user " + LocalServer.ADMIN + " on >" + adminSecret + " ~*" + channels + " +@all");
        }
        all.addAll(lines);
        return all;
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
