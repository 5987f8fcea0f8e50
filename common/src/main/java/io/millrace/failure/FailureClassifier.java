package io.millrace.failure;

import io.millrace.endpoint.CredentialsException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Tells failures apart by the first words of an error reply, as Redis 4 to 8 and Valkey write them (server.c,
 * createSharedObjects; acl.c; cluster.c; networking.c), and by the type of an exception.
 */
public final class FailureClassifier {

    private record Rule(byte[] prefix, Kind kind) {}

    /** First match wins: a longer prefix stands before a shorter one. */
    private static final Rule[] RULES = {
        rule("MOVED ", Kind.MOVED),
        rule("ASK ", Kind.ASK),
        rule("TRYAGAIN", Kind.TRYAGAIN),
        rule("CLUSTERDOWN", Kind.CLUSTERDOWN),
        rule("CROSSSLOT", Kind.CROSSSLOT),
        rule("OOM ", Kind.OOM),
        rule("READONLY", Kind.READONLY),
        rule("REDIRECT ", Kind.READONLY), // Valkey 8, to clients with CLIENT CAPA redirect
        rule("LOADING", Kind.LOADING),
        rule("MASTERDOWN", Kind.MASTERDOWN),
        rule("NOMASTERLINK", Kind.MASTERDOWN), // PSYNC at a replica without its master
        rule("MISCONF", Kind.MISCONF),
        rule("NOREPLICAS", Kind.NOREPLICAS),
        rule("BUSYKEY", Kind.BUSYKEY),
        rule("BUSYGROUP", Kind.BUSYGROUP),
        rule("BUSY ", Kind.BUSY),
        rule("UNKILLABLE", Kind.BUSY),
        rule("WRONGTYPE", Kind.WRONGTYPE),
        rule("NOSCRIPT", Kind.NOSCRIPT),
        rule("NOGROUP", Kind.NOGROUP),
        rule("EXECABORT", Kind.EXECABORT),
        rule("NOAUTH", Kind.AUTHENTICATION),
        rule("WRONGPASS", Kind.AUTHENTICATION),
        rule("NOPERM", Kind.PERMISSION),
        rule("DENIED", Kind.PROTECTED_MODE),
        rule("IOERR", Kind.CONNECTION), // MIGRATE to a third server
        rule("ERR invalid password", Kind.AUTHENTICATION), // up to 5.0
        rule("ERR operation not permitted", Kind.AUTHENTICATION), // before 2.8; proxies still say it
        rule("ERR Client sent AUTH, but no password is set", Kind.AUTHENTICATION), // up to 5.0
        rule("ERR AUTH <password> called without any password configured", Kind.AUTHENTICATION),
        rule("ERR max number of clients", Kind.TOO_MANY_CLIENTS),
        rule("ERR max number of connections", Kind.TOO_MANY_CLIENTS),
        rule("ERR unknown command", Kind.UNKNOWN_COMMAND),
        rule("ERR Unknown subcommand", Kind.UNKNOWN_COMMAND),
        rule("ERR unknown subcommand", Kind.UNKNOWN_COMMAND),
        rule("ERR Bad data format", Kind.PAYLOAD),
        rule("ERR DUMP payload version or checksum are wrong", Kind.PAYLOAD),
        rule("ERR syntax error", Kind.SYNTAX),
        rule("ERR wrong number of arguments", Kind.SYNTAX),
        rule("ERR Protocol error", Kind.PROTOCOL),
    };

    /** What EXEC says when the server cannot run any of it now; the reason follows (multi.c, execCommandAbort). */
    private static final byte[] ABORTED_BECAUSE = ascii("EXECABORT Transaction discarded because of: ");

    private static final byte[] ARGUMENTS_FOLLOW = ascii(" with args beginning with:");
    private static final int MAX_DETAIL = 300;

    private FailureClassifier() {}

    /** Classifies an error reply, without the leading '-' and without CRLF. Allocates only for the result. */
    public static RedisFailure ofReply(byte[] reply) {
        return RedisFailure.of(kindOf(reply), detail(reply));
    }

    public static RedisFailure ofReply(String reply) {
        return ofReply(reply.getBytes(StandardCharsets.UTF_8));
    }

    /** The kind alone, without allocation. */
    public static Kind kindOf(byte[] reply) {
        boolean wrapped = startsWith(reply, ABORTED_BECAUSE);
        Kind kind = kindOf(reply, wrapped ? ABORTED_BECAUSE.length : 0);
        return wrapped && kind == Kind.OTHER ? Kind.EXECABORT : kind;
    }

    private static Kind kindOf(byte[] reply, int from) {
        for (Rule rule : RULES) {
            if (reply.length - from >= rule.prefix.length && matches(reply, from, rule.prefix)) {
                return rule.kind;
            }
        }
        return Kind.OTHER;
    }

    /** Classifies what a socket, a TLS handshake or Jedis threw; a {@link RedisFailureException} keeps its class. */
    public static RedisFailure of(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof RedisFailureException known) {
                return known.failure();
            }
            if (t instanceof CredentialsException none) {
                return RedisFailure.of(
                        none.isRetryable() ? Kind.CREDENTIALS_PENDING : Kind.CREDENTIALS, none.getMessage());
            }
            if (t instanceof JedisDataException reply && reply.getMessage() != null) {
                return ofReply(reply.getMessage());
            }
            if (t instanceof SocketTimeoutException) {
                return RedisFailure.of(Kind.TIMEOUT, text(t));
            }
            if (t instanceof SSLException && !isTransport(t)) {
                return RedisFailure.of(TlsRefusal.kindOf(t), text(root(t)));
            }
            if (t instanceof IOException) {
                return RedisFailure.of(Kind.CONNECTION, text(t));
            }
        }
        if (thrown instanceof JedisConnectionException) {
            boolean garbage = thrown.getMessage() != null && thrown.getMessage().startsWith("Unknown reply");
            return RedisFailure.of(garbage ? Kind.PROTOCOL : Kind.CONNECTION, text(thrown));
        }
        return RedisFailure.of(Kind.OTHER, text(thrown));
    }

    /** A peer that goes away in the middle of the handshake is a broken connection, not a wrong certificate. */
    private static boolean isTransport(Throwable ssl) {
        for (Throwable t = ssl; t != null; t = t.getCause()) {
            if (t instanceof CertificateException) {
                return false;
            }
            if (t instanceof EOFException || t instanceof java.net.SocketException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable thrown) {
        Throwable t = thrown;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }

    private static String text(Throwable t) {
        String type = t.getClass().getSimpleName();
        return t.getMessage() == null ? type : type + ": " + t.getMessage();
    }

    /** The reply up to the arguments that Redis repeats for an unknown command: they may be a password or a user's data. */
    private static String detail(byte[] reply) {
        int end = indexOf(reply, ARGUMENTS_FOLLOW);
        while (end > 0 && reply[end - 1] == ',') {
            end--;
        }
        int length = Math.min(end < 0 ? reply.length : end, MAX_DETAIL);
        return new String(reply, 0, length, StandardCharsets.UTF_8);
    }

    private static int indexOf(byte[] text, byte[] part) {
        for (int i = 0; i + part.length <= text.length; i++) {
            if (matches(text, i, part)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] text, byte[] prefix) {
        return text.length >= prefix.length && matches(text, 0, prefix);
    }

    private static boolean matches(byte[] text, int at, byte[] part) {
        for (int i = 0; i < part.length; i++) {
            if (text[at + i] != part[i]) {
                return false;
            }
        }
        return true;
    }

    private static Rule rule(String prefix, Kind kind) {
        return new Rule(ascii(prefix), kind);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
