package io.millrace.endpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Opens connected sockets with an endpoint's TLS and timeouts; every connection of the product goes through here, so that
 * host names are checked on all of them. Thread-safe; TLS files that have changed are read again.
 */
public final class SocketOpener {

    private final TlsSettings tls;
    private final int connectMillis;
    private final int readMillis;
    private final TlsFiles files;
    private final Location location;

    /** @throws InvalidEndpointException when a TLS file cannot be used */
    public SocketOpener(RedisEndpoint endpoint) {
        this.tls = endpoint.tls();
        this.connectMillis = Math.toIntExact(endpoint.connectTimeout().toMillis());
        this.readMillis = Math.toIntExact(endpoint.readTimeout().toMillis());
        this.files = tls.enabled() ? new TlsFiles(tls) : null;
        this.location = endpoint.credentials().location().orElse(null);
    }

    /**
     * A connected socket, after the TLS handshake where there is one, with TCP_NODELAY, keep-alive, and the read timeout set.
     * A Unix socket is opened without TLS. The caller closes it.
     *
     * @param named the address, or the {@link Location#name name} under which the endpoint's credentials look it up
     * @throws CredentialsException when they cannot
     */
    public Socket open(Address named) throws IOException {
        Address address = location != null && named.equals(location.name()) ? location.lookUp() : named;
        if (address.isUnix()) {
            Socket local = UnixSocket.connect(Path.of(address.host()));
            local.setSoTimeout(readMillis);
            return local;
        }
        SSLSocketFactory tlsFactory = files == null ? null : files.socketFactory();
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            InetSocketAddress target = new InetSocketAddress(address.host(), address.port());
            if (target.isUnresolved()) {
                throw new UnknownHostException(address.host());
            }
            plain.connect(target, connectMillis);
            Socket socket = tlsFactory == null ? plain : handshake(tlsFactory, plain, address);
            socket.setSoTimeout(readMillis);
            return socket;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private Socket handshake(SSLSocketFactory tlsFactory, Socket plain, Address address) throws IOException {
        SSLSocket socket =
                (SSLSocket) tlsFactory.createSocket(new AlertingSocket(plain), address.host(), address.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(tls.protocols().toArray(new String[0]));
        if (tls.verifyHostname()) {
            parameters.setEndpointIdentificationAlgorithm(
                    "HTTPS"); // RFC 2818: the check that LDAPS and Redis clients share
        }
        if (isHostName(address.host())) {
            parameters.setServerNames(List.of(new SNIHostName(address.host())));
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(connectMillis);
        try {
            socket.startHandshake();
        } catch (SocketTimeoutException e) {
            // a plain Redis takes the first TLS message for the beginning of a line and waits for the rest
            SocketTimeoutException named = new SocketTimeoutException(
                    "no TLS handshake within " + connectMillis + " ms; a port without TLS looks like this");
            named.initCause(e);
            throw named;
        }
        return socket;
    }

    /** RFC 6066 forbids IP literals in SNI, and {@link SNIHostName} refuses names outside of the host name syntax. */
    private static boolean isHostName(String host) {
        if (host.indexOf(':') >= 0) {
            return false;
        }
        boolean letter = false;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            letter |= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (c > 0x7f || c == '_') {
                return false;
            }
        }
        return letter && !host.endsWith(".");
    }
}
