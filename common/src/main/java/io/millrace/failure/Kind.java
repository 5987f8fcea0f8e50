package io.millrace.failure;

import static io.millrace.failure.Disposition.FATAL;
import static io.millrace.failure.Disposition.RECORD;
import static io.millrace.failure.Disposition.RETRY;

/** The failures that are told apart, each with what happened and what to do next. */
public enum Kind {
    CONNECTION(
            RETRY,
            "the connection failed",
            "Check that the server runs and that host and port can be reached from this machine; it is tried again."),
    TIMEOUT(
            RETRY,
            "the server did not answer in time",
            "Check the server's load and SLOWLOG, or allow a longer read timeout; it is tried again."),
    TLS(
            FATAL,
            "the TLS handshake failed",
            "Check that the port speaks TLS 1.2 or 1.3, that the CA file signed the server's certificate and that the"
                    + " certificate names the host."),
    TLS_UNTRUSTED(
            FATAL,
            "no authority that is trusted here signed the server's certificate",
            "Name the PEM file of the authority that signed it as the CA file (redis.tls.ca.file)."),
    TLS_HOST(
            FATAL,
            "the server's certificate is one of another host",
            "Connect by a name that the certificate has, or give the server a certificate with this one."),
    TLS_EXPIRED(
            FATAL,
            "the server's certificate has expired or is not valid yet",
            "Renew the server's certificate, and check the clock of this machine."),
    TLS_CLIENT_CERTIFICATE(
            FATAL,
            "the server asks for a client certificate that it trusts, and got none such",
            "Name a certificate and its key that the server's authority signed and that has not expired"
                    + " (redis.tls.certificate.file and redis.tls.key.file)."),
    AUTHENTICATION(FATAL, "the server refused the login", "Check user and password; a login is not tried again."),
    CREDENTIALS(
            FATAL,
            "the credential provider has no login",
            "Correct its options, redis.credentials.*; it is not asked again."),
    CREDENTIALS_PENDING(
            RETRY,
            "the credential provider has no login at the moment",
            "Check where it takes the login from; it is asked again."),
    PERMISSION(
            FATAL,
            "the user lacks a permission",
            "Grant the user the command and the keys with ACL SETUSER, or use another user."),
    PROTECTED_MODE(
            FATAL,
            "the server runs in protected mode and refuses other hosts",
            "Set a password or 'protected-mode no' at the server."),
    TOO_MANY_CLIENTS(RETRY, "the server has no free client slot", "Raise maxclients at the server; it is tried again."),
    LOADING(RETRY, "the server is loading its data", "Wait until the server has loaded; it is tried again."),
    MASTERDOWN(
            RETRY,
            "the replica has lost its master and answers no reads",
            "Check the replication of the server; it is tried again."),
    READONLY(
            RETRY,
            "the server is a replica and takes no writes",
            "Point to the master; after a failover the new master is looked up and it is tried again."),
    OOM(
            RETRY,
            "the server has reached maxmemory and takes no writes",
            "Raise maxmemory or free memory at the server; writing goes on when there is room."),
    MISCONF(
            RETRY,
            "the server cannot persist and therefore takes no writes",
            "Check the server's disk and log; writing goes on when the server can save again."),
    NOREPLICAS(
            RETRY,
            "the server has too few replicas in sync and takes no writes",
            "Check the server's replicas (min-replicas-to-write); it is tried again."),
    BUSY(RETRY, "the server runs a script or function and answers nothing else", "Wait, or end it with SCRIPT KILL."),
    MOVED(RETRY, "the slot lives on another node", "The cluster layout is read again and the request is sent there."),
    ASK(
            RETRY,
            "the slot is being moved and the key is on the other node",
            "The request is sent there once, after ASKING."),
    TRYAGAIN(
            RETRY,
            "the slot is being moved and the keys of the request are on both nodes",
            "It is tried again until the slot has moved."),
    CLUSTERDOWN(
            RETRY,
            "the cluster does not serve the slot",
            "Check CLUSTER INFO and CLUSTER SHARDS: every slot needs a master that runs; it is tried again."),
    NO_MASTER(
            RETRY,
            "the sentinels name no master that can be used",
            "Check SENTINEL MASTER, and that the master runs; they are asked again."),
    SENTINEL(
            FATAL,
            "the sentinels cannot be asked for the master",
            "Check that the hosts are sentinels, and the name of the master."),
    CROSSSLOT(
            RECORD,
            "the keys of one command are in different slots",
            "Give the keys a common {hash tag}, or choose a policy for commands that cannot be split."),
    NOSCRIPT(
            RECORD,
            "the server does not know the script",
            "Load the script with SCRIPT LOAD, or replicate its effects."),
    WRONGTYPE(
            RECORD,
            "the key holds another type than the command needs",
            "Compare the key on both sides: somebody else may write to the destination."),
    BUSYKEY(RECORD, "the key exists already", "Choose the conflict policy overwrite or skip, or remove the key."),
    BUSYGROUP(RECORD, "the consumer group exists already", "Nothing is to be done when the group is the same."),
    NOGROUP(RECORD, "the consumer group or stream does not exist", "Compare the stream on both sides."),
    EXECABORT(RECORD, "the transaction was discarded because of one of its commands", "See the reply of that command."),
    UNKNOWN_COMMAND(
            RECORD,
            "the server does not know the command",
            "Use a destination of the same or a newer version, with the same modules, or filter the command."),
    PAYLOAD(
            RECORD,
            "the server cannot read the value's payload",
            "The payload's RDB version is newer than the server: let values be rewritten for its version."),
    SYNTAX(RECORD, "the server refuses the arguments", "Use a destination of the same or a newer version."),
    PROTOCOL(
            FATAL,
            "the peer does not speak the Redis protocol",
            "Check that host and port belong to Redis and that TLS is set on both sides or on neither."),
    OTHER(RECORD, "the server refused the request", "See the server's reply.");

    private final Disposition disposition;
    private final String what;
    private final String nextStep;

    Kind(Disposition disposition, String what, String nextStep) {
        this.disposition = disposition;
        this.what = what;
        this.nextStep = nextStep;
    }

    public Disposition disposition() {
        return disposition;
    }

    /** Whether the two ends did not agree on an encrypted connection. */
    public boolean isTls() {
        return switch (this) {
            case TLS, TLS_UNTRUSTED, TLS_HOST, TLS_EXPIRED, TLS_CLIENT_CERTIFICATE -> true;
            default -> false;
        };
    }

    /** What happened, as a clause without a full stop. */
    public String what() {
        return what;
    }

    /** What the operator can do, as one sentence. */
    public String nextStep() {
        return nextStep;
    }
}
