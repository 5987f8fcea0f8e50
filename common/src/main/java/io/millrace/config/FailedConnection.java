package io.millrace.config;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.SocketOpener;
import io.millrace.endpoint.TlsSettings;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.io.IOException;
import java.net.Socket;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Finds the option that is at fault when a connection cannot be made. */
final class FailedConnection {

    private FailedConnection() {}

    static Finding explain(RedisEndpoint endpoint, Address address, RedisFailureException failure) {
        return switch (failure.kind()) {
            case AUTHENTICATION -> login(endpoint, address, failure);
            case TLS, TLS_UNTRUSTED, TLS_HOST, TLS_EXPIRED, TLS_CLIENT_CERTIFICATE -> tls(address, failure);
            case CONNECTION, PROTOCOL, TIMEOUT -> unreachable(endpoint, address, failure);
            case CREDENTIALS, CREDENTIALS_PENDING -> new Finding(failure.getMessage(), CredentialSettings.PROVIDER);
            default -> new Finding(failure.getMessage(), RedisSettings.HOSTS);
        };
    }

    private static Finding login(RedisEndpoint endpoint, Address address, RedisFailureException failure) {
        String reply = failure.failure().detail();
        if (!(endpoint.credentials() instanceof Login login)) {
            return new Finding(
                    address + " refuses the login from " + endpoint.credentials() + " (" + reply
                            + "): check it, and that the user is on.",
                    CredentialSettings.PROVIDER);
        }
        if (login.isNone()) {
            return new Finding(
                    address + " asks for a password (" + reply + "): set " + RedisSettings.PASSWORD + ", and "
                            + RedisSettings.USER + " where it is not the default user.",
                    RedisSettings.PASSWORD);
        }
        if (reply.contains("without any password configured") || reply.contains("no password is set")) {
            return new Finding(
                    address + " has no password for the default user (" + reply + "): set " + RedisSettings.USER
                            + ", or leave " + RedisSettings.PASSWORD + " empty.",
                    RedisSettings.PASSWORD);
        }
        String who = login.user() == null ? "" : " of user " + login.user();
        String sentence =
                address + " refuses the password" + who + " (" + reply + "): check it, and that the user is on.";
        return login.user() == null
                ? new Finding(sentence, RedisSettings.PASSWORD)
                : new Finding(sentence, RedisSettings.USER, RedisSettings.PASSWORD);
    }

    private static Finding tls(Address address, RedisFailureException failure) {
        String detail = failure.failure().detail();
        return switch (failure.kind()) {
            case TLS_UNTRUSTED ->
                new Finding(
                        "The certificate of " + address + " is not trusted (" + detail
                                + "): name the PEM file of the authority that signed it in " + RedisSettings.TLS_CA_FILE
                                + ".",
                        RedisSettings.TLS_CA_FILE);
            case TLS_HOST ->
                new Finding(
                        "The certificate of " + address + " does not fit the host (" + detail
                                + "): connect by a name that the certificate has, or renew it; "
                                + RedisSettings.TLS_VERIFY_HOSTNAME + "=false gives up the check.",
                        RedisSettings.HOSTS,
                        RedisSettings.TLS_VERIFY_HOSTNAME);
            case TLS_EXPIRED ->
                new Finding(
                        "The certificate of " + address + " has expired or is not valid yet (" + detail
                                + "): renew it at the server, and check the clock of this machine.",
                        RedisSettings.HOSTS);
            case TLS_CLIENT_CERTIFICATE ->
                new Finding(
                        address + " does not accept the client's certificate, or asks for one (" + detail + "): set "
                                + RedisSettings.TLS_CERTIFICATE_FILE + " and " + RedisSettings.TLS_KEY_FILE
                                + " to one that the server trusts and that has not expired.",
                        RedisSettings.TLS_CERTIFICATE_FILE,
                        RedisSettings.TLS_KEY_FILE);
            default ->
                new Finding(
                        "No TLS with " + address + " (" + detail + "): set " + RedisSettings.TLS
                                + "=false, or name the server's TLS port; it must speak TLS 1.2 or 1.3.",
                        RedisSettings.TLS,
                        RedisSettings.HOSTS);
        };
    }

    private static Finding unreachable(RedisEndpoint endpoint, Address address, RedisFailureException failure) {
        if (find(failure, UnknownHostException.class) != null) {
            return new Finding(
                    "The host " + address.host() + " is unknown: check its spelling and the DNS of this machine.",
                    RedisSettings.HOSTS);
        }
        if (!endpoint.tls().enabled() && wasConnected(failure) && speaksTls(endpoint, address)) {
            return new Finding(address + " speaks TLS: set " + RedisSettings.TLS + "=true.", RedisSettings.TLS);
        }
        if (endpoint.tls().enabled() && failure.kind() == Kind.TIMEOUT && speaksPlainRedis(endpoint, address)) {
            return new Finding(
                    address + " speaks no TLS: set " + RedisSettings.TLS + "=false, or name the server's TLS port.",
                    RedisSettings.TLS,
                    RedisSettings.HOSTS);
        }
        return new Finding(
                "No connection to " + address + " (" + failure.failure().detail()
                        + "): check that the server runs, and host, port and firewall.",
                RedisSettings.HOSTS);
    }

    private static boolean wasConnected(RedisFailureException failure) {
        return find(failure, java.net.ConnectException.class) == null;
    }

    /** A TLS handshake that fails because of the certificate is one with a TLS server. */
    private static boolean speaksTls(RedisEndpoint endpoint, Address address) {
        RedisEndpoint encrypted = endpoint.withTls(TlsSettings.on());
        try (Socket socket = new SocketOpener(encrypted).open(address)) {
            return socket.isConnected();
        } catch (SSLException e) {
            return switch (FailureClassifier.of(e).kind()) {
                case TLS_UNTRUSTED, TLS_HOST, TLS_EXPIRED, TLS_CLIENT_CERTIFICATE -> true;
                default -> false;
            };
        } catch (IOException e) {
            return false;
        }
    }

    /** Without a login, so that no password travels unencrypted: an error reply is an answer too. */
    private static boolean speaksPlainRedis(RedisEndpoint endpoint, Address address) {
        RedisEndpoint plain = endpoint.withTls(TlsSettings.off()).withLogin(Login.none());
        try (Node node = new NodeConnector(plain).open(address)) {
            node.call("PING");
            return true;
        } catch (RedisFailureException e) {
            return e.kind() == Kind.AUTHENTICATION;
        }
    }

    private static <T extends Throwable> T find(Throwable thrown, Class<T> type) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
